package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TornTailTest {
    private static final List<Integer> SIZES = List.of(100, 2_000, 100);

    @Test
    void loseAnySectorsOfWhatWasUnderWay() {
        TreeSet<Integer> middle = new TreeSet<>();
        boolean hole = false;
        for (long seed = 0; seed < 300; seed++) {
            List<Integer> surviving = TornTail.survivingBytes(SIZES, 0, new Chance(seed));
            middle.add(surviving.get(1));
            hole |= surviving.get(1) < 2_000 && surviving.get(2) == 100;
        }
        assertEquals(new TreeSet<>(List.of(0, 412, 924, 1_436, 1_948, 2_000)), middle);
        assertTrue(hole, "never lost a write in front of one that is whole");
    }

    @Test
    void writesInOneSectorShareItsFate() {
        for (long seed = 0; seed < 50; seed++) {
            List<Integer> surviving = TornTail.survivingBytes(List.of(100, 100), 0, new Chance(seed));
            assertEquals(surviving.get(0), surviving.get(1));
        }
    }
}
