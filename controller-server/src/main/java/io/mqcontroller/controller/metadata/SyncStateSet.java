package io.mqcontroller.controller.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
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

    /** These members, under the next epoch. */
    public SyncStateSet changedTo(Collection<BrokerId> newMembers) {
        return new SyncStateSet(new TreeSet<>(newMembers), Math.addExact(epoch, 1));
    }

    /** Only this one, under the next epoch. */
    public SyncStateSet shrunkTo(BrokerId only) {
        return changedTo(List.of(only));
    }

    /** The members as people read them: {@code {1, 2}}. */
    public String describeMembers() {
        return describe(members);
    }

    /** Ids as people read them: {@code {1, 2}}. */
    public static String describe(Collection<BrokerId> ids) {
        StringBuilder text = new StringBuilder("{");
        for (BrokerId id : ids) {
            text.append(text.length() == 1 ? "" : ", ").append(id);
        }
        return text.append('}').toString();
    }
}
