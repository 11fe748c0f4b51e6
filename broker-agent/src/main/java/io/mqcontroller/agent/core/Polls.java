package io.mqcontroller.agent.core;

/**
 * What is asked for without cause: the group and the list of controllers, as a safety net under heartbeats and pushes; and an
 * election, as long as there is no master.
 */
final class Polls {
    private static final long FIRST_ELECTION_RETRY_MS = 1_000;
    private static final long RESTARTED_WAIT_MS = 1_000;

    private final Memory memory;
    private final LeaderSearch search;
    private final Requests requests;
    private final RoleSwitch roles;
    private long groupDueMs = Long.MAX_VALUE;
    private long clusterDueMs = Long.MAX_VALUE;
    private long electDueMs = Long.MAX_VALUE;

    Polls(Memory memory, LeaderSearch search, Requests requests, RoleSwitch roles) {
        this.memory = memory;
        this.search = search;
        this.requests = requests;
        this.roles = roles;
    }

    void onRegistered() {
        groupDueMs = memory.nowMs + memory.settings.syncBrokerMetadataPeriodMs();
        clusterDueMs = memory.nowMs;
        // The recorded master that restarted is elected anew without being asked for, once it has sent a heartbeat.
        electDueMs = memory.nowMs + (memory.view.master() == memory.brokerId ? RESTARTED_WAIT_MS : 0);
    }

    /** Something is unclear that the leader knows. */
    void askForGroupSoon() {
        if (groupDueMs != Long.MAX_VALUE) {
            groupDueMs = memory.nowMs;
        }
    }

    long dueMs() {
        if (!search.isWithLeader() || !memory.isRegistered() || memory.stopping) {
            return Long.MAX_VALUE;
        }
        long dueMs = Math.min(groupDueMs, clusterDueMs);
        return wantsElection() ? Math.min(dueMs, electDueMs) : dueMs;
    }

    private boolean wantsElection() {
        return !memory.settings.learner()
                && !roles.hasMaster()
                && !memory.resigns()
                && !requests.isWaiting(ControllerRequest.ElectMaster.class);
    }

    void advance() {
        if (memory.nowMs < dueMs()) {
            return;
        }
        AgentSettings settings = memory.settings;
        if (memory.nowMs >= groupDueMs) {
            groupDueMs = memory.nowMs + settings.syncBrokerMetadataPeriodMs();
            requests.ask(new ControllerRequest.GetGroup());
        }
        if (memory.nowMs >= clusterDueMs) {
            clusterDueMs = memory.nowMs + settings.syncControllerMetadataPeriodMs();
            requests.ask(new ControllerRequest.GetCluster());
        }
        if (wantsElection() && memory.nowMs >= electDueMs) {
            boolean first = memory.view.masterEpoch() == Memory.NO_EPOCH;
            electDueMs = memory.nowMs + (first ? FIRST_ELECTION_RETRY_MS : settings.syncBrokerMetadataPeriodMs());
            requests.ask(new ControllerRequest.ElectMaster(memory.brokerId));
        }
    }
}
