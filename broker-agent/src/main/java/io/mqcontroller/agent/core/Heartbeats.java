package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.ControllerRequest.Heartbeat;
import io.mqcontroller.agent.core.ControllerRequest.HeartbeatStatus;
import io.mqcontroller.agent.core.ControllerRequest.Role;
import io.mqcontroller.agent.core.ControllerRequest.SlaveStatus;
import java.util.List;

/** Keeps the replica alive with the leader, asks for the lease, and agrees with it on the rule for acknowledging writes. */
final class Heartbeats {
    private static final int MAX_WAITING = 4;

    private final Memory memory;
    private final LeaderSearch search;
    private final Requests requests;
    private final SyncStateSetKeeper keeper;
    private final WritePermit permit;
    private final PeerConfirmation peers;
    private long dueMs = Memory.NEVER;
    private long lastStrong;
    private long firstResigned = Long.MAX_VALUE;
    private String unfitSaid = "";

    Heartbeats(
            Memory memory,
            LeaderSearch search,
            Requests requests,
            SyncStateSetKeeper keeper,
            WritePermit permit,
            PeerConfirmation peers) {
        this.memory = memory;
        this.search = search;
        this.requests = requests;
        this.keeper = keeper;
        this.permit = permit;
        this.peers = peers;
    }

    /** The leader should know at once what is new here. */
    void soon() {
        dueMs = Memory.NEVER;
    }

    /** The broker begins each epoch as master with the stronger rule. */
    void onNewMasterEpoch() {
        memory.ruleInForce = AckRule.ALL_IN_SYNC;
        soon();
    }

    /** Whether the leader, which has answered this heartbeat, knows that the role is given back. */
    boolean hasResigned(long answered) {
        return answered >= firstResigned;
    }

    long dueMs() {
        return memory.isRegistered() && search.isWithLeader() ? dueMs : Long.MAX_VALUE;
    }

    /** A stronger rule takes effect before anybody is told, a weaker one only when the leader has said so. */
    void onReport() {
        if (memory.report.wantedAckRule() == AckRule.ALL_IN_SYNC && memory.ruleInForce == AckRule.WEAKER) {
            memory.ruleInForce = AckRule.ALL_IN_SYNC;
            memory.actions.add(new AgentAction.UseAckRule(memory.ruleInForce));
            soon();
        }
        if (!memory.report.unfit().equals(unfitSaid)) {
            unfitSaid = memory.report.unfit();
            memory.actions.note(
                    AgentAction.Note.Kind.PROBLEM,
                    unfitSaid.isEmpty() ? "fit to be master again" : "not fit to be master: " + unfitSaid);
            soon();
        }
    }

    void advance() {
        if (memory.nowMs < dueMs()) {
            return;
        }
        dueMs = memory.nowMs + memory.settings.heartbeatIntervalMs();
        if (requests.waiting() < MAX_WAITING) {
            send();
        }
    }

    private void send() {
        BrokerReport report = memory.report;
        AgentSettings settings = memory.settings;
        boolean resigns = memory.resigns();
        Role role = memory.isMaster() ? Role.MASTER : memory.state == AgentState.SLAVE ? Role.SLAVE : Role.FENCED;
        Requests.Sent sent = requests.ask(new Heartbeat(
                memory.brokerId,
                settings.address(),
                settings.haAddress(),
                report.lastEpoch(),
                memory.knownMasterEpoch,
                report.maxOffset(),
                report.confirmOffset(),
                settings.heartbeatTimeoutMs(),
                settings.priority(),
                role,
                resigns ? memory.resignedEpoch : memory.roleEpoch,
                memory.rules.toldRule(report.wantedAckRule()),
                settings.learner(),
                resigns,
                report.unfit(),
                status(),
                handOver(resigns),
                memory.nowMs - memory.registeredAtMs,
                memory.isMasterGone()));
        if (report.wantedAckRule() == AckRule.ALL_IN_SYNC) {
            lastStrong = sent.number();
        }
        if (resigns) {
            firstResigned = Math.min(firstResigned, sent.number());
        }
    }

    /** Who is to be elected is told only together with the resignation. */
    private HandOverReport handOver(boolean resigns) {
        HandOverReport known = memory.handOver;
        boolean named = resigns && memory.heirEpoch == memory.resignedEpoch;
        return named ? known : new HandOverReport(known.order(), 0, known.failed());
    }

    private HeartbeatStatus status() {
        long leaseMs =
                Math.max(0, permit.leaseUntilMs() == WritePermit.FENCED ? 0 : permit.leaseUntilMs() - memory.nowMs);
        List<SlaveStatus> slaves = memory.isMaster()
                ? memory.report.slaves().stream().map(this::status).toList()
                : List.of();
        return new HeartbeatStatus(leaseMs, permit.fencings(), slaves);
    }

    private SlaveStatus status(SlaveProgress slave) {
        long lagBytes = Math.max(0, memory.report.maxOffset() - Math.max(0, slave.ackOffset()));
        return new SlaveStatus(slave.brokerId(), lagBytes, keeper.behindMs(slave.brokerId()), slave.connected());
    }

    /** What the answer to this heartbeat, sent then, grants. The view in it has been taken in before. */
    void onAnswer(Requests.Sent sent, Heartbeat heartbeat, ControllerAnswer.Heartbeat answer) {
        boolean ofThisRole =
                memory.isMaster() && heartbeat.role() == Role.MASTER && heartbeat.roleEpoch() == memory.roleEpoch;
        if (!ofThisRole) {
            return;
        }
        if (answer.leaseMs() > 0) {
            permit.onLease(sent.sentMs(), answer.leaseMs());
        }
        boolean agreed = heartbeat.ackRule() == AckRule.WEAKER && answer.ackRule() == AckRule.WEAKER;
        if (memory.ruleInForce == AckRule.ALL_IN_SYNC
                && memory.report.wantedAckRule() == AckRule.WEAKER
                && memory.rules.mayWeaken(agreed, sent.number(), lastStrong)) {
            memory.ruleInForce = AckRule.WEAKER;
            peers.onWeakerRule();
            memory.actions.add(new AgentAction.UseAckRule(memory.ruleInForce));
        }
    }
}
