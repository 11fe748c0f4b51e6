package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Nothing is lost and nobody votes twice, at whichever of the first syncs of a cluster the power of the member fails. */
class CrashAtEachSyncTest {
    private static final int MOMENTS = 600;
    private static final long SEED = 2;
    /** Nothing else goes wrong. */
    private static final Reduction CALM = new Reduction(Optional.of(Set.of()), Set.of(Trait.values()));

    private static final class PowerCut implements Interference {
        private long moments;

        PowerCut(long atMoment) {
            moments = atMoment;
        }

        @Override
        public boolean powerFails(boolean synced) {
            return --moments == 0;
        }
    }

    /** Two moments of each sync: before it has ended, and after. */
    @Test
    void survivesAPowerCutAtEachSync() {
        LongStream.rangeClosed(1, MOMENTS).parallel().forEach(moment -> {
            PowerCut cut = new PowerCut(moment);
            Simulation simulation = Simulation.of(SEED, cut, Set.of(), CALM);
            simulation.run();
            assertTrue(cut.moments <= 0, () -> "the run has fewer moments than " + moment);
        });
    }
}
