package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Event;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A leader whose disk takes an election timeout for each write hands leadership on, and does not get it back. */
class SlowLeaderTest {
    private static final int SEEDS = 40;
    /** So many election timeouts, 10 s in production. */
    private static final int PATIENCE = 10;
    /** Nothing else goes wrong. */
    private static final Reduction CALM = new Reduction(Optional.of(Set.of()), Set.of(Trait.values()));

    /** From its first entry on the disk of the first leader is slow. */
    private static final class SlowDisk implements Interference {
        private Simulation simulation;
        private Optional<SimNode> slow = Optional.empty();
        private long sinceUs;
        private boolean handedOver;

        @Override
        public List<Event> onEvents(SimNode node, List<Event> events) {
            if (!simulation.healed()) {
                look();
            }
            return events;
        }

        private void look() {
            Optional<SimNode> leader =
                    simulation.leader().filter(node -> node.status().ready());
            if (slow.isEmpty() && leader.isPresent()) {
                slow = leader;
                sinceUs = simulation.time().nowUs();
                leader.get().disk().setSlowness((int)
                        (timeoutUs() / simulation.plan().disk().minSyncUs()));
            }
            if (slow.isPresent() && simulation.time().nowUs() - sinceUs > PATIENCE * timeoutUs()) {
                handedOver = true;
                assertTrue(!simulation.leader().equals(slow), () -> slow.get().id() + " leads with a slow disk");
            }
        }

        private long timeoutUs() {
            return 1_000 * simulation.plan().tuning().electionTimeoutMs();
        }
    }

    @Test
    void handsLeadershipOnWithinTenElectionTimeouts() {
        long handedOver = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .filter(SlowLeaderTest::isHandedOver)
                .count();
        assertTrue(handedOver > SEEDS / 2, () -> "only " + handedOver + " of " + SEEDS + " runs lasted long enough");
    }

    private static boolean isHandedOver(long seed) {
        SlowDisk disk = new SlowDisk();
        Simulation simulation = Simulation.of(seed, disk, Set.of(), CALM);
        disk.simulation = simulation;
        FaultPlan plan = simulation.plan();
        // A disk that has next to nothing to write shows late that it is slow, and matters to nobody.
        boolean writes = plan.load().thinkMs() < plan.tuning().electionTimeoutMs();
        if (plan.members() == 1 || !writes) {
            return false;
        }
        simulation.run();
        return disk.handedOver;
    }
}
