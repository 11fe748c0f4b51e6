package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.simulation.invariant.AcknowledgedNeverLost;
import io.mqcontroller.raft.simulation.invariant.CommittedIsDurable;
import io.mqcontroller.raft.simulation.invariant.ExactlyOnce;
import io.mqcontroller.raft.simulation.invariant.HistoryIsLinearizable;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import io.mqcontroller.raft.simulation.invariant.NobodyWithoutItCanWin;
import io.mqcontroller.raft.simulation.invariant.ReadsAreLinearizable;
import io.mqcontroller.raft.simulation.invariant.StateHashEqual;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients see is enough to find these, without a look inside the members. */
class HistoryMutantTest {
    private static final int SEEDS = 100;
    private static final Set<Class<? extends Invariant>> INSIDE = Set.of(
            ReadsAreLinearizable.class,
            ExactlyOnce.class,
            AcknowledgedNeverLost.class,
            CommittedIsDurable.class,
            NobodyWithoutItCanWin.class,
            StateHashEqual.class);

    @ParameterizedTest
    @EnumSource(
            value = Mutant.class,
            names = {"DUPLICATES_APPLIED", "LEADER_APPLIES_UNCOMMITTED", "REFUSED_AND_DONE"})
    void isFoundByWhatClientsSee(Mutant mutant) {
        boolean found = false;
        for (long seed = 1; seed <= SEEDS && !found; seed++) {
            try {
                Simulation.of(seed, mutant.create(), INSIDE).run();
            } catch (SimulationFailure failure) {
                found = failure.invariant()
                        .filter(HistoryIsLinearizable.class.getSimpleName()::equals)
                        .isPresent();
            }
        }
        assertTrue(found, mutant + " was not found in " + SEEDS + " seeds");
    }
}
