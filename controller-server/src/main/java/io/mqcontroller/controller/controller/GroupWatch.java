package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** The masterEpoch of a master that somebody else is to replace as soon as its lease has run out; -1: none. */
    private int replacedEpoch = -1;

    /** When that is looked at again. */
    private long replacementDueMs = NEVER;

    private BrokerId heir;
    private int heirEpoch = -1;
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

    /** The master has stopped under this masterEpoch, and this one has everything that it has. */
    void handsOver(BrokerGroup group, BrokerId to) {
        heir = to;
        heirEpoch = group.masterEpoch();
    }

    /** To whom the recorded master hands over, having stopped. */
    Optional<BrokerId> heirOf(BrokerGroup group) {
        boolean current = group.master().isPresent() && group.masterEpoch() == heirEpoch;
        return current ? Optional.of(heir) : Optional.empty();
    }

    /** The restarted master did not come back. */
    void giveUpRestart() {
        restarted = null;
    }

    /** Somebody else is elected when the master's lease has run out. True if that moment is not the one known before. */
    boolean isToBeReplaced(BrokerGroup group, long dueMs) {
        boolean news = replacementDueMs != dueMs;
        replacedEpoch = group.masterEpoch();
        replacementDueMs = dueMs;
        return news;
    }

    /** Nothing waits for the master's lease to run out any more, unless it is said anew. */
    void mayStay() {
        replacedEpoch = -1;
    }

    /** Whether the master must get no further lease. */
    boolean isBeingReplaced(BrokerGroup group) {
        return replacedEpoch == group.masterEpoch();
    }

    void elected(long nowMs) {
        electedAtMs = nowMs;
        restarted = null;
        replacedEpoch = -1;
        firstElectionDueMs = NEVER;
        trouble = "";
    }
}
