package io.mqcontroller.agent.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.liveness.LeaseSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The leader of the controllers and a master go at the same moment. How long the group is without a master after that, in virtual time: a
 * new leader has to be elected, to hear of the slaves, and to learn that the master is gone.
 */
class LeaderAndMasterTest {
    private static final int SEEDS = 20;
    private static final long ELECTION_TIMEOUT_MS = 1_000;

    /** For agents to find the leader, for its verdict, and for the broker's switch, as a rule. */
    private static final long FOLLOWED_MS = 500;

    /** For so long a new leader takes a master for alive of which it learns nothing. */
    private static final long PRESUMED_MS = 3_000;

    private static final long COUNTED_MS = LeaseSettings.DEFAULT.countedMs();

    /** From the new leader to the new master, of all seeds, in order. */
    private static List<Long> replacedMs(boolean allInSync, Consumer<SimController> faultOfLeader) {
        List<Long> times = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            times.add(replacedMs(seed, allInSync, faultOfLeader));
        }
        Collections.sort(times);
        System.out.println("replaced after the new leader came, ms: " + times);
        return times;
    }

    private static long replacedMs(long seed, boolean allInSync, Consumer<SimController> faultOfLeader) {
        Simulation simulation = Simulation.of(seed, Plan.quiet(allInSync, ELECTION_TIMEOUT_MS));
        simulation.begin();
        simulation.await("all are in sync", () -> inSync(simulation) == 3);
        long calmUntilUs = simulation.time().nowUs() + 10_000_000;
        simulation.await("some time has passed", () -> simulation.time().nowUs() >= calmUntilUs);
        SimController leader = simulation.controllers().stream()
                .filter(SimController::isReadyLeader)
                .findFirst()
                .orElseThrow();
        SimBroker master = simulation.brokers().stream()
                .filter(SimBroker::isMaster)
                .findFirst()
                .orElseThrow();
        faultOfLeader.accept(leader);
        master.crash();
        simulation.await("another controller leads", () -> simulation.controllers().stream()
                .anyMatch(controller -> controller != leader && controller.isReadyLeader()));
        return simulation.await("another one takes writes", () -> simulation.brokers().stream()
                .anyMatch(broker -> broker != master
                        && broker.isMaster()
                        && broker.control().takesWrites()));
    }

    private static int inSync(Simulation simulation) {
        return simulation.controllers().stream()
                .filter(SimController::isReadyLeader)
                .findFirst()
                .flatMap(leader -> leader.group(simulation.brokers().get(0).group()))
                .map(group -> group.syncStateSet().members().size())
                .orElse(0);
    }

    @Test
    void masterThatNeedsItsSlavesIsReplacedAsSoonAsThereIsALeader() {
        List<Long> times = replacedMs(true, SimProcess::crash);
        assertTrue(times.get(SEEDS / 2) < FOLLOWED_MS, times.toString());
        assertTrue(times.get(SEEDS - 1) < PRESUMED_MS, times.toString());
    }

    @Test
    void masterThatNeedsItsSlavesIsReplacedAsSoonAsThereIsALeaderInsteadOfAFrozenOne() {
        List<Long> times = replacedMs(true, SimProcess::pause);
        assertTrue(times.get(SEEDS / 2) < FOLLOWED_MS, times.toString());
        assertTrue(times.get(SEEDS - 1) < PRESUMED_MS, times.toString());
    }

    @Test
    void masterWithALeaseIsReplacedWhenThatIsOverForTheNewLeader() {
        List<Long> times = replacedMs(false, SimProcess::crash);
        assertTrue(times.get(0) >= COUNTED_MS - 100, times.toString());
        assertTrue(times.get(SEEDS / 2) < COUNTED_MS + FOLLOWED_MS, times.toString());
    }
}
