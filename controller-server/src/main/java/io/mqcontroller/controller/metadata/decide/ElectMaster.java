package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.ElectionPolicy.Ballot;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.List;
import java.util.Optional;

/**
 * Elections. A new master begins alone in the SyncStateSet, under a masterEpoch above everything that was given out or that a
 * replica of the group has reported.
 */
public final class ElectMaster {
    /** A broker that reports an epoch further ahead than this is not believed: epochs are finite. */
    static final int MAX_EPOCH_LEAP = 1_000_000;

    /** More masters than a group gets, one after the other, without a message written under any of them. */
    static final int MASTER_EPOCHS_AFTER_LOSS = 1_000;

    /** More changes of a set than a group sees before its controllers are lost for the first time. */
    private static final int SET_EPOCH_BASE_AFTER_LOSS = 1_000_000;

    /** More changes of a set than a group sees between one loss and the next. */
    private static final int SET_EPOCHS_PER_MASTER_EPOCH = 10_000;

    /** Leaves room to count on. */
    private static final int MAX_LEAPT_SET_EPOCH = Integer.MAX_VALUE / 2;

    private ElectMaster() {}

    /** @param changed false: the master that was there before stays, under its old epoch */
    public record Election(BrokerGroup group, boolean changed) {}

    /**
     * What the state of things calls for: a master that is alive stays, unless it says that it should not; a dead, resigned or
     * missing one is replaced; when nobody can replace it, "no master" is recorded, once. Asking again changes nothing.
     */
    public static Decision<Election> byNeed(BrokerGroup group, LivenessView live, ElectionPolicy policy) {
        Optional<ElectionPolicy.Choice> choice = policy.choose(group, live, Ballot.OPEN);
        if (choice.isPresent() && group.isMaster(choice.get().winner())) {
            return Decision.noChange(new Election(group, false));
        }
        if (choice.isPresent()) {
            return elected(group, live, choice.get(), reasonNow(group, live));
        }
        if (group.master().isEmpty()) {
            return nobody(group, live);
        }
        return recorded(
                group,
                new MetadataRecord.MasterChanged(
                        group.key(),
                        Optional.empty(),
                        nextEpoch(group, LivenessView.EMPTY),
                        group.syncStateSet(),
                        reasonNow(group, live),
                        false));
    }

    /** The recorded master restarted: its log may have lost its end, so it is ranked anew and never keeps its epoch. */
    public static Decision<Election> afterRestart(BrokerGroup group, LivenessView live, ElectionPolicy policy) {
        return policy.choose(group, live, Ballot.RANKED)
                .map(choice -> elected(group, live, choice, ElectionReason.MASTER_RESTARTED))
                .orElseGet(() -> nobody(group, live));
    }

    /** A group that was never elected: the best registered live replica, by its log. */
    public static Decision<Election> first(BrokerGroup group, LivenessView live, ElectionPolicy policy) {
        return policy.choose(group, live, Ballot.RANKED)
                .map(choice -> elected(group, live, choice, ElectionReason.FIRST))
                .orElseGet(() -> nobody(group, live));
    }

    /** An operator wants {@code target} as master, or no change. */
    public static Decision<Election> designated(
            BrokerGroup group, LivenessView live, ElectionPolicy policy, BrokerId target) {
        if (group.isMaster(target) && live.isAlive(target)) {
            return Decision.noChange(new Election(group, false));
        }
        if (group.has(target) && group.replicas().get(target).drained()) {
            return Decision.refused(
                    Refusal.NO_ELIGIBLE_REPLICA,
                    "replica " + target + " of " + group.key() + " is being drained; undrain it first");
        }
        return policy.choose(group, live, Ballot.only(target))
                .map(choice -> elected(group, live, choice, ElectionReason.OPERATOR))
                .orElseGet(() -> Decision.refused(Refusal.NO_ELIGIBLE_REPLICA, whyNot(group, live, target)));
    }

    /**
     * The master has stopped, and {@code heir} has everything that it has. If that one can't be elected any more it is the
     * master itself, under a new epoch: by a weak rule for acknowledging, nobody else needs to have everything.
     */
    public static Decision<Election> handedOver(
            BrokerGroup group, LivenessView live, ElectionPolicy policy, BrokerId heir) {
        BrokerId master = group.master().orElseThrow();
        return inSync(group, live, policy, heir)
                .map(choice -> elected(group, live, choice, ElectionReason.OPERATOR))
                .or(() -> inSync(group, live, policy, master)
                        .map(choice -> elected(group, live, choice, ElectionReason.MASTER_RESIGNED)))
                .orElseGet(() -> byNeed(group, live, policy));
    }

    private static Optional<ElectionPolicy.Choice> inSync(
            BrokerGroup group, LivenessView live, ElectionPolicy policy, BrokerId id) {
        return policy.choose(group, live, Ballot.only(id)).filter(choice -> !choice.unclean());
    }

    private static Decision<Election> elected(
            BrokerGroup group, LivenessView live, ElectionPolicy.Choice choice, ElectionReason reason) {
        int reportedNext = nextEpoch(group, live);
        // Reported without an election that is known here: the controllers have lost what they knew.
        boolean lost = !group.everElected() && reportedNext > group.masterEpoch() + 1;
        int masterEpoch = lost ? epochAfterLoss(reportedNext) : reportedNext;
        SyncStateSet alone = group.syncStateSet().shrunkTo(choice.winner());
        return recorded(
                group,
                new MetadataRecord.MasterChanged(
                        group.key(),
                        Optional.of(choice.winner()),
                        masterEpoch,
                        lost ? setAfterLoss(alone, masterEpoch) : alone,
                        reason,
                        choice.unclean()));
    }

    /**
     * A broker reports the epoch in its file, which has no entry for a master under whom nothing was written, but compares
     * with the one it last followed, and ignores what is not above it. So the epoch leaps.
     */
    private static int epochAfterLoss(int reportedNext) {
        return Math.addExact(reportedNext, MASTER_EPOCHS_AFTER_LOSS);
    }

    /**
     * The brokers have seen sets as well that are not known here, and ignore every set whose epoch is not above theirs. They
     * do not report it at all, so it leaps, and by more after each loss.
     */
    private static SyncStateSet setAfterLoss(SyncStateSet next, int masterEpoch) {
        return new SyncStateSet(next.members(), setEpochAfterLoss(next.epoch(), masterEpoch));
    }

    static int setEpochAfterLoss(int epoch, int masterEpoch) {
        long leapt = SET_EPOCH_BASE_AFTER_LOSS + (long) SET_EPOCHS_PER_MASTER_EPOCH * masterEpoch;
        return (int) Math.max(epoch, Math.min(leapt, MAX_LEAPT_SET_EPOCH));
    }

    private static Decision<Election> recorded(BrokerGroup group, MetadataRecord.MasterChanged change) {
        return Decision.of(List.of(change), new Election(group.replay(change), true));
    }

    private static ElectionReason reasonNow(BrokerGroup group, LivenessView live) {
        if (!group.everElected()) {
            return ElectionReason.FIRST;
        }
        if (group.master().isEmpty()) {
            return ElectionReason.MASTER_MISSING;
        }
        ReplicaReport master = live.of(group.master().get());
        if (!master.alive()) {
            return ElectionReason.MASTER_DEAD;
        }
        return master.fitness() == Fitness.RESIGNED ? ElectionReason.MASTER_RESIGNED : ElectionReason.MASTER_UNFIT;
    }

    /** A broker ignores every role whose epoch is not above its own, so what it has seen counts as given out. */
    static int nextEpoch(BrokerGroup group, LivenessView live) {
        int highest = group.masterEpoch();
        for (ReplicaReport report : live.reports().values()) {
            if (report.highestEpoch() - (long) group.masterEpoch() <= MAX_EPOCH_LEAP) {
                highest = Math.max(highest, report.highestEpoch());
            }
        }
        return Math.addExact(highest, 1);
    }

    private static Decision<Election> nobody(BrokerGroup group, LivenessView live) {
        return Decision.refused(Refusal.NO_ELIGIBLE_REPLICA, EligibilityReport.nobodyIn(group, live));
    }

    private static String whyNot(BrokerGroup group, LivenessView live, BrokerId target) {
        return "replica " + target + " of " + group.key() + " cannot become master: "
                + EligibilityReport.whyNot(group, live, target);
    }
}
