package io.mqcontroller.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.agent.core.EpochHistory.Start;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {
    private static Start at(int epoch, long offset) {
        return new Start(epoch, offset);
    }

    @Test
    void epochBeginsBehindWhatWasWrittenUnderTheOneBefore() {
        assertEquals(List.of(at(1, 0), at(2, 50)), EpochHistory.begin(List.of(at(1, 0)), at(2, 50)));
        assertEquals(List.of(at(1, 0)), EpochHistory.begin(List.of(), at(1, 0)));
    }

    @Test
    void epochWithoutMessagesDoesNotGoOnToNameThoseOfItsSuccessor() {
        assertEquals(List.of(at(4, 50), at(6, 100)), EpochHistory.begin(List.of(at(4, 50), at(5, 100)), at(6, 100)));
    }

    @Test
    void atTheBeginningOfTheLogItStaysAsOneThatEndsThere() {
        assertEquals(List.of(at(1, 0), at(2, 0)), EpochHistory.begin(List.of(at(1, 0)), at(2, 0)));
        assertEquals(List.of(at(2, 0), at(3, 9)), EpochHistory.begin(List.of(at(2, 0)), at(3, 9)));
    }

    @Test
    void epochsOfWhatWasCutOffAreForgotten() {
        List<Start> known = List.of(at(4, 50), at(5, 100), at(8, 130));
        assertEquals(List.of(at(4, 50), at(6, 100)), EpochHistory.begin(known, at(6, 100)));
        assertEquals(List.of(at(4, 50), at(5, 100)), EpochHistory.begin(known, at(5, 100)));
    }

    @Test
    void knownOrOlderEpochChangesNothing() {
        List<Start> known = List.of(at(4, 50), at(5, 100));
        assertEquals(known, EpochHistory.begin(known, at(5, 100)));
        assertEquals(known, EpochHistory.begin(known, at(3, 70)));
        assertEquals(known, EpochHistory.begin(known, at(5, 120)));
    }

    @Test
    void idleGroupThatChangesItsMasterOftenKeepsAShortHistory() {
        List<Start> known = new ArrayList<>();
        for (int epoch = 1; epoch <= 2 * EpochHistory.KEPT; epoch++) {
            known = EpochHistory.begin(known, at(epoch, 0));
        }
        assertEquals(EpochHistory.KEPT + 1, known.size());
        assertEquals(at(2 * EpochHistory.KEPT, 0), known.get(known.size() - 1));
    }
}
