package io.mqcontroller.controller.metadata;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The replicas that hold every acknowledged message.
 *
 * @param epoch {@code syncStateSetEpoch}: grows with each change, without exception
 */
public record SyncStateSet(SortedSet<BrokerId> members, int epoch) {
    public static final SyncStateSet EMPTY = new SyncStateSet(new TreeSet<>(), 0);

    public SyncStateSet {
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }

    public boolean contains(BrokerId id) {
        return members.contains(id);
    }
}
