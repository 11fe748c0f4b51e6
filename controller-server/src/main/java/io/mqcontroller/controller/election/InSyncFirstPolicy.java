package io.mqcontroller.controller.election;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.LivenessView;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Candidates are the registered live members of the SyncStateSet: whoever wins holds every acknowledged message. A group that
 * was never elected has acknowledged nothing under us, so there every registered live replica is a candidate.
 */
public final class InSyncFirstPolicy implements ElectionPolicy {
    @Override
    public Optional<Choice> choose(BrokerGroup group, LivenessView live, Ballot ballot) {
        Predicate<BrokerId> inSync = group.everElected() ? group.syncStateSet()::contains : id -> true;
        return pick(group, live, ballot, inSync).map(winner -> new Choice(winner, false));
    }

    static Optional<BrokerId> pick(BrokerGroup group, LivenessView live, Ballot ballot, Predicate<BrokerId> mayWin) {
        List<BrokerId> candidates = group.replicas().keySet().stream()
                .filter(live::isAlive)
                .filter(mayWin)
                .toList();
        if (ballot.designated().isPresent()) {
            return ballot.designated().filter(candidates::contains);
        }
        if (ballot.keepsMaster() && group.master().filter(candidates::contains).isPresent()) {
            return group.master();
        }
        return Ranking.best(candidates, live);
    }
}
