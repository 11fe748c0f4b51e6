package io.mqcontroller.controller.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentSortedMapTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void doesWhatASlowTwinDoesAndStaysBalanced(long seed) {
        Random random = new Random(seed);
        PersistentSortedMap<Integer, Integer> map = PersistentSortedMap.empty();
        TreeMap<Integer, Integer> twin = new TreeMap<>();
        for (int step = 0; step < 5_000; step++) {
            int key = random.nextInt(600);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                twin.remove(key);
            } else {
                map = map.with(key, step);
                twin.put(key, step);
            }
            assertEquals(twin.get(key), map.get(key));
            assertEquals(twin.size(), map.size());
            assertTrue(map.height() <= 1.45 * Math.log(map.size() + 2) / Math.log(2), "height of an AVL tree");
        }
        List<Integer> values = new ArrayList<>();
        map.forEach((key, value) -> values.add(value));
        assertEquals(List.copyOf(twin.values()), values);
        for (int from = -1; from <= 601; from++) {
            List<Integer> tail = new ArrayList<>();
            map.valuesFrom(from).forEach(tail::add);
            assertEquals(List.copyOf(twin.tailMap(from).values()), tail);
        }
    }

    @Test
    void originalStaysAsItWas() {
        PersistentSortedMap<String, Integer> one =
                PersistentSortedMap.<String, Integer>empty().with("a", 1);
        PersistentSortedMap<String, Integer> two = one.with("b", 2).with("a", 3);
        assertEquals(1, one.get("a"));
        assertEquals(1, one.size());
        assertEquals(3, two.get("a"));
        assertEquals(one, two.without("b").with("a", 1));
        assertEquals(one.hashCode(), two.without("b").with("a", 1).hashCode());
        assertNotEquals(one, two.without("b"));
    }
}
