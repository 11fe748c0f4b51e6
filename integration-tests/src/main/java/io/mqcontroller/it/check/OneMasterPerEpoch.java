package io.mqcontroller.it.check;

import io.mqcontroller.it.history.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Invariants C1 and C2: an epoch never has two masters and never comes back. */
public final class OneMasterPerEpoch {
    private OneMasterPerEpoch() {}

    /** The violations, empty when all is well. */
    public static List<String> violations(List<Seen> masters) {
        List<String> violations = new ArrayList<>();
        SortedMap<Integer, OptionalLong> masterOf = new TreeMap<>();
        for (Seen seen : masters) {
            if (!masterOf.isEmpty() && seen.masterEpoch() < masterOf.lastKey()) {
                violations.add("epoch " + masterOf.lastKey() + " went back: " + seen);
            }
            OptionalLong before = masterOf.putIfAbsent(seen.masterEpoch(), seen.master());
            if (before != null && !before.equals(seen.master())) {
                violations.add(
                        "a second state of epoch " + seen.masterEpoch() + ", master " + before + " before: " + seen);
            }
        }
        return violations;
    }
}
