package io.mqcontroller.agent.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkers that find nothing may be blind: each known way to be wrong is found within 500 seeds. */
class AgentMutantTest {
    private static final int SEEDS = 500;

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void isFound(Mutant mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation simulation = Simulation.of(seed, mutant);
            try {
                simulation.run();
            } catch (SimulationFailure failure) {
                if (failure.getCause() instanceof InvariantViolation violation) {
                    System.out.printf(
                            "mutant=%s seed=%d steps=%d found by %s%n",
                            mutant, seed, simulation.steps(), violation.invariant());
                    return;
                }
            }
        }
        fail(mutant + " was not found in " + SEEDS + " seeds");
    }
}
