package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.simulation.invariant.Invariant;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each known way to be wrong about members, lost disks and leases is found by an invariant within 2,000 seeds. */
class MembershipMutantTest {
    private static final long SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource(MembershipMutant.class)
    void isFound(MembershipMutant mutant) {
        assertFound(
                mutant,
                mutant::create,
                mutant.without(),
                simulation -> simulation.membership().everyMs() > 0);
    }

    @ParameterizedTest
    @EnumSource(LostDiskMutant.class)
    void isFound(LostDiskMutant mutant) {
        assertFound(mutant, mutant::create, mutant.without(), simulation -> simulation
                .lostDisks()
                .takePlace());
    }

    @ParameterizedTest
    @EnumSource(LeaseMutant.class)
    void isFound(LeaseMutant mutant) {
        assertFound(
                mutant,
                mutant::create,
                Set.of(),
                simulation -> simulation.leases().leaseMs() > 0);
    }

    /** @param concerned seeds of other plans cannot find it, and are not run */
    private static void assertFound(
            Enum<?> mutant,
            Supplier<Interference> interference,
            Set<Class<? extends Invariant>> without,
            Predicate<Simulation> concerned) {
        assertTrue(
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .filter(seed -> {
                            Simulation simulation = Simulation.of(seed, interference.get(), without);
                            return concerned.test(simulation) && finds(mutant, simulation);
                        })
                        .findFirst()
                        .isPresent(),
                () -> mutant + " was not found in " + SEEDS + " seeds");
    }

    private static boolean finds(Enum<?> mutant, Simulation simulation) {
        try {
            simulation.run();
            return false;
        } catch (SimulationFailure failure) {
            boolean found = failure.getCause() instanceof InvariantViolation;
            if (found) {
                System.out.printf(
                        "mutant=%s seed=%d steps=%d found by %s%n",
                        mutant,
                        simulation.seed(),
                        simulation.steps(),
                        failure.getCause().getMessage());
            }
            return found;
        }
    }
}
