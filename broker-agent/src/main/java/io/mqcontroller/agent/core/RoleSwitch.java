package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.AgentAction.Note.Kind;

/**
 * Brings the broker into the role that the controllers have recorded. One switch at a time; an epoch is done only when the
 * broker's switch has succeeded. A switch that fails is tried again, and given back if it is to become master and fails
 * repeatedly; a newer epoch that comes meanwhile is next.
 */
final class RoleSwitch {
    private static final long MIN_RETRY_MS = 200;
    private static final long MAX_RETRY_MS = 5_000;
    private static final int FAILURES_BEFORE_GIVING_BACK = 3;

    private final Memory memory;
    private Attempt attempt;
    private long attempts;
    private int failures;
    private int failedEpoch = Memory.NO_EPOCH;
    private long retryDueMs = Long.MIN_VALUE;
    private int epochOfLastLife = Memory.NO_EPOCH;
    private String followed = "";

    private record Attempt(long number, int masterEpoch, boolean toMaster, String haAddress) {}

    RoleSwitch(Memory memory) {
        this.memory = memory;
    }

    /** A role as master up to this epoch belongs to an earlier life of the process. */
    void start(int lastLife) {
        epochOfLastLife = lastLife;
    }

    /** Somebody, a controller or a peer, knows of this epoch: a master under an older one stops before anything else. */
    void learn(int masterEpoch, String from) {
        if (masterEpoch <= memory.knownMasterEpoch) {
            return;
        }
        memory.knownMasterEpoch = masterEpoch;
        if (memory.isMaster() && memory.roleEpoch < masterEpoch) {
            leaveRole("masterEpoch " + memory.roleEpoch + " is over: " + from + " knows of " + masterEpoch);
        }
    }

    /** Stops being master, at once. */
    void leaveRole(String cause) {
        memory.roleEpoch = Memory.NO_EPOCH;
        memory.become(AgentState.FENCED, cause);
    }

    /** Whether this replica is the recorded master and may be it. */
    boolean isElected() {
        GroupView view = memory.view;
        return view.master() == memory.brokerId
                && view.masterEpoch() > epochOfLastLife
                && view.masterEpoch() != memory.resignedEpoch;
    }

    /** Whether the controllers name a master whom this replica can follow, be it itself. */
    boolean hasMaster() {
        GroupView view = memory.view;
        return view.master() != 0 && (view.master() != memory.brokerId || isElected());
    }

    boolean isSwitching() {
        return attempt != null;
    }

    long dueMs() {
        return attempt == null && wantsSwitch() ? retryDueMs : Long.MAX_VALUE;
    }

    private boolean wantsSwitch() {
        return memory.isRegistered()
                && !memory.stopping
                && hasMaster()
                && memory.rules.isCurrent(memory.view.masterEpoch(), memory.knownMasterEpoch)
                && memory.roleEpoch != memory.view.masterEpoch();
    }

    void advance() {
        if (attempt == null && wantsSwitch() && memory.nowMs >= retryDueMs) {
            begin(memory.view);
        } else if (attempt == null && memory.state == AgentState.SLAVE) {
            followHaAddress();
        }
    }

    private void begin(GroupView view) {
        boolean toMaster = view.master() == memory.brokerId;
        String haAddress = haAddressOf(view);
        attempt = new Attempt(++attempts, view.masterEpoch(), toMaster, haAddress);
        if (toMaster) {
            if (memory.state != AgentState.FENCED) {
                leaveRole("becomes master under epoch " + view.masterEpoch());
            }
            memory.actions.add(new AgentAction.BecomeMaster(attempt.number, view.masterEpoch(), view.syncStateSet()));
        } else {
            String address =
                    memory.replica(view.master()).map(ReplicaView::address).orElse("");
            memory.actions.add(
                    new AgentAction.BecomeSlave(attempt.number, view.masterEpoch(), view.master(), address, haAddress));
        }
        if (memory.rules.isDoneWhenBegun()) {
            settle();
        }
    }

    private String haAddressOf(GroupView view) {
        return memory.replica(view.master()).map(ReplicaView::haAddress).orElse("");
    }

    /** The controllers may not have known it at first. */
    private void followHaAddress() {
        GroupView view = memory.view;
        String haAddress = haAddressOf(view);
        if (memory.roleEpoch == view.masterEpoch() && !haAddress.isEmpty() && !haAddress.equals(followed)) {
            followed = haAddress;
            memory.actions.add(new AgentAction.FollowHaAddress(haAddress));
        }
    }

    /** True: the broker has a new role. */
    boolean onDone(long number) {
        if (attempt == null || attempt.number != number) {
            return false;
        }
        boolean counts = memory.rules.isCurrent(attempt.masterEpoch, memory.knownMasterEpoch) && !memory.stopping;
        boolean isNews = counts && memory.roleEpoch != attempt.masterEpoch;
        if (isNews) {
            settle();
        } else if (!counts) {
            memory.actions.note(Kind.STATE, "the switch to masterEpoch " + attempt.masterEpoch + " came too late");
        }
        attempt = null;
        failures = 0;
        retryDueMs = Long.MIN_VALUE;
        return isNews;
    }

    private void settle() {
        memory.roleEpoch = attempt.masterEpoch;
        followed = attempt.haAddress;
        memory.complain("");
        memory.become(
                attempt.toMaster ? AgentState.MASTER : AgentState.SLAVE, "switched under epoch " + attempt.masterEpoch);
    }

    /** True: this epoch must be given back. */
    boolean onFailed(long number, String reason) {
        if (attempt == null || attempt.number != number) {
            return false;
        }
        Attempt failed = attempt;
        attempt = null;
        failures = failed.masterEpoch == failedEpoch ? failures + 1 : 1;
        failedEpoch = failed.masterEpoch;
        retryDueMs = memory.nowMs + Math.min(MAX_RETRY_MS, MIN_RETRY_MS << Math.min(10, failures - 1));
        memory.complain("switch to " + (failed.toMaster ? "master" : "slave") + " under epoch " + failed.masterEpoch
                + " failed " + failures + " times: " + reason);
        memory.actions.note(Kind.SWITCH_FAILED, memory.problem);
        if (memory.roleEpoch == failed.masterEpoch) {
            leaveRole(memory.problem);
        }
        return failed.toMaster
                && failures >= FAILURES_BEFORE_GIVING_BACK
                && failed.masterEpoch == memory.knownMasterEpoch;
    }
}
