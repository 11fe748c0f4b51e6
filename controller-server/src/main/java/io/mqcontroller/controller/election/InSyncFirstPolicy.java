package io.mqcontroller.controller.election;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.LivenessView;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Candidates are the registered live members of the SyncStateSet: whoever wins holds every acknowledged message. A group that
 * was never elected has acknowledged nothing under us, so there every registered live replica is a candidate. Not those that
 * have resigned or are learners; and those that call themselves unfit only where nobody else is left.
 * One that an operator drains is chosen only where all others are drained as well, or nobody else is left; as master it stays until
 * it has handed over.
 */
public final class InSyncFirstPolicy implements ElectionPolicy {
    @Override
    public Optional<Choice> choose(BrokerGroup group, LivenessView live, Ballot ballot) {
        Predicate<BrokerId> inSync =
                group.everElected() ? group.syncStateSet()::contains : id -> !mayBeLearner(group, live, id);
        return pick(group, live, ballot, inSync).map(winner -> new Choice(winner, false));
    }

    /** Whether an agent copies data only is told by its heartbeats: one that has registered and sent none is not known yet. */
    static boolean mayBeLearner(BrokerGroup group, LivenessView live, BrokerId id) {
        return group.replicas().get(id).agent() && live.of(id).maxOffset() < 0;
    }

    static Optional<BrokerId> pick(BrokerGroup group, LivenessView live, Ballot ballot, Predicate<BrokerId> mayWin) {
        List<BrokerId> possible = group.replicas().keySet().stream()
                .filter(id -> live.of(id).mayBeMaster())
                .filter(mayWin)
                .toList();
        List<BrokerId> fit = possible.stream()
                .filter(id -> live.of(id).fitness() == Fitness.FIT)
                .toList();
        List<BrokerId> candidates = fit.isEmpty() ? possible : fit;
        if (ballot.designated().isPresent()) {
            return ballot.designated().filter(candidates::contains);
        }
        if (ballot.keepsMaster() && group.master().filter(candidates::contains).isPresent()) {
            return group.master();
        }
        List<BrokerId> wanted = candidates.stream()
                .filter(id -> !group.replicas().get(id).drained())
                .toList();
        return Ranking.best(wanted.isEmpty() ? candidates : wanted, live);
    }
}
