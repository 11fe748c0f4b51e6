package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Prints the shortest fault plan of one failing seed, {@code -Dseed=N} ({@code -Dmutant=NAME} for one with a bug made on
 * purpose); without one, shrinks a known failure to see that it can.
 */
class ShrinkTest {
    @Test
    void printsTheShortestPlanThatStillFails() {
        if (!LongProperty.SEED.isSet()) {
            return;
        }
        Optional<Mutant> mutant = Optional.of(System.getProperty("mutant", ""))
                .filter(name -> !name.isBlank())
                .map(Mutant::valueOf);
        Shrinker shrinker = new Shrinker(
                LongProperty.SEED.orElse(0),
                () -> mutant.map(Mutant::create).orElse(Interference.NONE),
                mutant.map(Mutant::without).orElse(Set.of()));
        System.out.println(shrinker.shrink().map(Shrinker.Shrunk::report).orElse("this seed does not fail"));
    }

    @Test
    void leavesOnlyWhatAFailureNeeds() {
        Mutant mutant = Mutant.LAST_ENTRY_LOST_IN_CRASH;
        long seed = MutantTest.firstSeedThatFinds(mutant).orElseThrow();
        Simulation whole = Simulation.of(seed, mutant.create(), mutant.without());
        SimulationFailure first = assertThrows(SimulationFailure.class, whole::run);

        Shrinker.Shrunk shrunk =
                new Shrinker(seed, mutant::create, mutant.without()).shrink().orElseThrow();
        System.out.println(shrunk.report());

        assertEquals(first.kind(), shrunk.failure().kind());
        assertTrue(shrunk.incidents().size() <= 3, shrunk::report);
        assertTrue(shrunk.incidents().size() <= whole.incidents().all().size());
        assertTrue(
                shrunk.incidents().stream().anyMatch(happened -> happened.what().contains("crashes")), shrunk::report);
        Simulation again = Simulation.of(seed, mutant.create(), mutant.without(), shrunk.reduction());
        assertEquals(
                shrunk.failure().getMessage(),
                assertThrows(SimulationFailure.class, again::run).getMessage());
    }

    @Test
    void findsNothingToShrinkInARunThatDoesNotFail() {
        assertEquals(Optional.empty(), new Shrinker(1, () -> Interference.NONE, Set.of()).shrink());
    }
}
