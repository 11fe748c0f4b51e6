package io.mqcontroller.controller.election;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.ReplicaReport;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Higher epoch, then longer log, then better (lower) priority, then lower id: never a tie. */
public final class Ranking {
    private static final Comparator<ReplicaReport> BY_LOG =
            Comparator.comparingInt(ReplicaReport::epoch).thenComparingLong(ReplicaReport::maxOffset);
    private static final Comparator<ReplicaReport> BY_PRIORITY = Comparator.comparingInt(ReplicaReport::priority);

    private Ranking() {}

    public static Optional<BrokerId> best(Collection<BrokerId> candidates, LivenessView live) {
        Comparator<BrokerId> order = Comparator.comparing(live::of, BY_LOG.thenComparing(BY_PRIORITY.reversed()));
        return candidates.stream().max(order.thenComparing(Comparator.reverseOrder()));
    }
}
