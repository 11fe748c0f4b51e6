package io.mqcontroller.controller.election;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.LivenessView;
import java.util.Optional;

/**
 * With {@code enableElectUncleanMaster}: like {@link InSyncFirstPolicy}, and where that finds nobody, any registered live
 * replica, at the price of acknowledged messages that it may not hold.
 */
public final class UncleanPolicy implements ElectionPolicy {
    private final ElectionPolicy inSyncFirst = new InSyncFirstPolicy();

    @Override
    public Optional<Choice> choose(BrokerGroup group, LivenessView live, Ballot ballot) {
        Optional<Choice> clean = inSyncFirst.choose(group, live, ballot);
        if (clean.isPresent()) {
            return clean;
        }
        return InSyncFirstPolicy.pick(group, live, ballot, id -> !InSyncFirstPolicy.mayBeLearner(group, live, id))
                .map(winner -> new Choice(winner, true));
    }
}
