package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkers that find nothing may be blind: each known way to be wrong is found within 300 seeds. */
class MutantTest {
    private static final int SEEDS = 300;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isFound(Mutant mutant) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation simulation = Simulation.of(seed, mutant.create(), mutant.without());
            try {
                simulation.run();
            } catch (SimulationFailure failure) {
                System.out.printf(
                        "mutant=%s seed=%d steps=%d found by %s%n",
                        mutant, seed, simulation.steps(), failure.invariant().orElse("" + failure.getCause()));
                return;
            }
        }
        fail(mutant + " was not found in " + SEEDS + " seeds");
    }
}
