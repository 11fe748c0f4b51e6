package io.mqcontroller.agent.core;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** The replicas that hold every acknowledged message, as the controllers have recorded them. */
public record SyncStateSet(SortedSet<Long> members, int epoch) {
    public SyncStateSet {
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }

    public static SyncStateSet of(int epoch, Collection<Long> members) {
        return new SyncStateSet(new TreeSet<>(members), epoch);
    }

    @Override
    public String toString() {
        return members + " epoch " + epoch;
    }
}
