package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkers that find nothing may be blind: each known way to be wrong is found within 2,000 seeds, mostly in the first few. */
class MutantTest {
    private static final long SEEDS = 2_000;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isFound(Mutant mutant) {
        assertTrue(firstSeedThatFinds(mutant).isPresent(), () -> mutant + " was not found in " + SEEDS + " seeds");
    }

    /** The first seed, so that it is the same one whatever the number of cores. */
    static OptionalLong firstSeedThatFinds(Mutant mutant) {
        return LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .filter(seed -> finds(mutant, seed))
                .findFirst();
    }

    private static boolean finds(Mutant mutant, long seed) {
        Simulation simulation = Simulation.of(seed, mutant.create(), mutant.without());
        try {
            simulation.run();
            return false;
        } catch (SimulationFailure failure) {
            System.out.printf(
                    "mutant=%s seed=%d steps=%d found by %s%n", mutant, seed, simulation.steps(), failure.getCause());
            return true;
        }
    }
}
