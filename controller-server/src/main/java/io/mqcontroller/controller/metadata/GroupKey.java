package io.mqcontroller.controller.metadata;

import java.util.Comparator;
import java.util.Objects;

/** Names a broker group: two clusters may use the same {@code brokerName}. */
public record GroupKey(String cluster, String brokerName) implements Comparable<GroupKey> {
    private static final Comparator<GroupKey> ORDER =
            Comparator.comparing(GroupKey::brokerName).thenComparing(GroupKey::cluster);

    public GroupKey {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(brokerName, "brokerName");
    }

    @Override
    public int compareTo(GroupKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return cluster + "/" + brokerName;
    }
}
