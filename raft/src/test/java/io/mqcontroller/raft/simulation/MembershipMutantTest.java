package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each known way to be wrong about members is found by an invariant within 2,000 seeds. */
class MembershipMutantTest {
    private static final long SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource(MembershipMutant.class)
    void isFound(MembershipMutant mutant) {
        assertTrue(
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .filter(seed -> finds(mutant, seed))
                        .findFirst()
                        .isPresent(),
                () -> mutant + " was not found in " + SEEDS + " seeds");
    }

    private static boolean finds(MembershipMutant mutant, long seed) {
        Simulation simulation = Simulation.of(seed, mutant.create(), mutant.without());
        try {
            simulation.run();
            return false;
        } catch (SimulationFailure failure) {
            boolean found = failure.getCause() instanceof InvariantViolation;
            if (found) {
                System.out.printf(
                        "mutant=%s seed=%d steps=%d found by %s%n",
                        mutant, seed, simulation.steps(), failure.getCause().getMessage());
            }
            return found;
        }
    }
}
