package io.mqcontroller.it.check;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A broker group as its clients may know it.
 *
 * @param owners check code by id
 * @param masterEpoch 0 before the first election
 */
public record GroupState(
        SortedMap<Long, String> owners,
        long nextBrokerId,
        Optional<Long> master,
        int masterEpoch,
        SortedSet<Long> set,
        int setEpoch) {
    public static final GroupState UNKNOWN =
            new GroupState(new TreeMap<>(), 1, Optional.empty(), 0, new TreeSet<>(), 0);

    boolean isKnown() {
        return !owners.isEmpty();
    }

    boolean wasElected() {
        return masterEpoch > 0;
    }

    GroupAnswer.Roles roles() {
        return new GroupAnswer.Roles(master, masterEpoch, set, setEpoch);
    }

    GroupState with(long id, String checkCode) {
        TreeMap<Long, String> more = new TreeMap<>(owners);
        more.put(id, checkCode);
        return new GroupState(more, Math.max(nextBrokerId, id + 1), master, masterEpoch, set, setEpoch);
    }

    GroupState withMaster(long id) {
        TreeSet<Long> alone = new TreeSet<>();
        alone.add(id);
        return new GroupState(owners, nextBrokerId, Optional.of(id), masterEpoch + 1, alone, setEpoch + 1);
    }

    GroupState withSet(SortedSet<Long> newSet) {
        return new GroupState(owners, nextBrokerId, master, masterEpoch, newSet, setEpoch + 1);
    }
}
