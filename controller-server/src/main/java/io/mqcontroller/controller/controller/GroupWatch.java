package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.ControllerService.Elected;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a leader remembers of a group besides the replicated state; gone with its leadership. Times in ms of the loop's clock. */
final class GroupWatch {
    static final long NEVER = Long.MIN_VALUE / 2;

    /** When the first election is held without being asked for, or {@link #NEVER}. */
    long firstElectionDueMs = NEVER;

    /** When a master was elected last. */
    long electedAtMs = NEVER;

    /** When a refused expansion was last answered with a new epoch. */
    long settledAtMs = NEVER;

    /** The state in which nobody was found eligible, so that it is reported once. */
    String trouble = "";

    final List<Parked> parked = new ArrayList<>(0);

    private BrokerId restarted;
    private int restartEpoch;

    /** An asked-for election that waits for a heartbeat of who asks. */
    record Parked(ElectMaster request, Consumer<Reply<Elected>> answer, long untilMs) {}

    /** The master shows that it restarted; it must not go on under this masterEpoch. */
    void restarted(BrokerGroup group, BrokerId id) {
        restarted = id;
        restartEpoch = group.masterEpoch();
    }

    /** Whether the recorded master restarted since it was elected, and has not been ranked anew. */
    boolean awaitsRanking(BrokerGroup group) {
        return restarted != null && group.isMaster(restarted) && group.masterEpoch() == restartEpoch;
    }

    /** The restarted master did not come back. */
    void giveUpRestart() {
        restarted = null;
    }

    void elected(long nowMs) {
        electedAtMs = nowMs;
        restarted = null;
        firstElectionDueMs = NEVER;
        trouble = "";
    }
}
