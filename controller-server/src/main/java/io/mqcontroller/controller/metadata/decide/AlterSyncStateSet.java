package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The master says who is in sync (code 1001). Checked in this order: master, masterEpoch, a retry, syncStateSetEpoch, then the
 * content; the answer says what failed first. Of who is alive only ids new in the set are asked: taking a silent one out must
 * never depend on the life of the others.
 */
public final class AlterSyncStateSet {
    private AlterSyncStateSet() {}

    /**
     * @param master who says so
     * @param knownEpoch {@code syncStateSetEpoch} that the new set was computed from
     * @param settles whether a refused expansion may be answered with the old set under a higher epoch: an Apache master waits
     *     for a set with a higher epoch before it acknowledges again, and waits for ever if it never comes
     */
    public record Request(
            BrokerId master, int masterEpoch, SortedSet<BrokerId> newSet, int knownEpoch, boolean settles) {}

    /** @param settled the set is the old one under a higher epoch, because a new member is not alive */
    public record Altered(BrokerGroup group, boolean settled) {}

    public static Decision<Altered> decide(BrokerGroup group, Request request, LivenessView live) {
        Optional<Decision<Altered>> fenced = fence(group, request);
        if (fenced.isPresent()) {
            return fenced.get();
        }
        SyncStateSet current = group.syncStateSet();
        if (request.newSet().equals(current.members())) {
            return Decision.noChange(new Altered(group, false));
        }
        if (request.knownEpoch() != current.epoch()) {
            return Decision.refused(
                    Refusal.STALE_SYNC_STATE_SET_EPOCH,
                    "syncStateSetEpoch of " + group.key() + " is " + current.epoch() + ", not " + request.knownEpoch());
        }
        return decideContent(group, request, live);
    }

    private static Optional<Decision<Altered>> fence(BrokerGroup group, Request request) {
        if (!group.isMaster(request.master())) {
            return Optional.of(Decision.refused(
                    Refusal.NOT_THE_MASTER,
                    "replica " + request.master() + " is not master of " + group.key() + "; the master is "
                            + group.master().map(BrokerId::toString).orElse("nobody")));
        }
        if (request.masterEpoch() != group.masterEpoch()) {
            return Optional.of(Decision.refused(
                    Refusal.STALE_MASTER_EPOCH,
                    "masterEpoch of " + group.key() + " is " + group.masterEpoch() + ", not " + request.masterEpoch()));
        }
        return Optional.empty();
    }

    private static Decision<Altered> decideContent(BrokerGroup group, Request request, LivenessView live) {
        SortedSet<BrokerId> strangers = new TreeSet<>(request.newSet());
        strangers.removeAll(group.replicas().keySet());
        if (!strangers.isEmpty()) {
            return Decision.refused(
                    Refusal.UNKNOWN_REPLICA,
                    "not registered in " + group.key() + ": " + SyncStateSet.describe(strangers));
        }
        if (!request.newSet().contains(request.master())) {
            return Decision.refused(
                    Refusal.BAD_SYNC_STATE_SET,
                    "SyncStateSet " + SyncStateSet.describe(request.newSet()) + " of " + group.key()
                            + " lacks the master " + request.master());
        }
        SortedSet<BrokerId> joining = new TreeSet<>(request.newSet());
        joining.removeAll(group.syncStateSet().members());
        SortedSet<BrokerId> learners = new TreeSet<>(joining);
        learners.removeIf(id -> live.of(id).fitness() != Fitness.LEARNER);
        if (!learners.isEmpty()) {
            return Decision.refused(
                    Refusal.BAD_SYNC_STATE_SET,
                    "learners of " + group.key() + " only copy data and are never in the SyncStateSet: "
                            + SyncStateSet.describe(learners));
        }
        SortedSet<BrokerId> silent = new TreeSet<>(joining);
        silent.removeIf(id -> live.isAlive(id) && hasSpoken(group, id, live));
        if (silent.isEmpty()) {
            return accepted(group, request.newSet(), false);
        }
        if (request.settles()) {
            return accepted(group, group.syncStateSet().members(), true);
        }
        return Decision.refused(
                Refusal.REPLICA_NOT_ALIVE,
                "cannot join the SyncStateSet of " + group.key() + ": " + EligibilityReport.lives(silent, live));
    }

    /** Whether a new member is a learner is known from its heartbeats only, and one that has just begun to lead has heard none. */
    private static boolean hasSpoken(BrokerGroup group, BrokerId id, LivenessView live) {
        return !group.replicas().get(id).agent() || live.of(id).silentMs() >= 0;
    }

    private static Decision<Altered> accepted(BrokerGroup group, SortedSet<BrokerId> members, boolean settled) {
        var change = new MetadataRecord.SyncStateSetChanged(
                group.key(), group.syncStateSet().changedTo(members));
        return Decision.of(List.of(change), new Altered(group.replay(change), settled));
    }
}
