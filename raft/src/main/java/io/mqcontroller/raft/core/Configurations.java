package io.mqcontroller.raft.core;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configurations that stand in the log, from the one that the snapshot holds on. The newest is in force, whether it is
 * committed or not; what is cut off the log takes its configurations with it.
 */
final class Configurations {
    /** What holds before the first entry: the first boot's, or nothing on a member that joined. */
    private final Configuration first;
    /** By the index of the entry; never empty. */
    private final TreeMap<Long, Configuration> byIndex = new TreeMap<>();

    Configurations(Configuration first) {
        this.first = first;
        byIndex.put(0L, first);
    }

    Configuration current() {
        return byIndex.lastEntry().getValue();
    }

    long currentIndex() {
        return byIndex.lastKey();
    }

    /** The one that holds again if the current one is cut off the log. */
    Configuration beforeCurrent() {
        Map.Entry<Long, Configuration> before = byIndex.lowerEntry(currentIndex());
        return before == null ? Configuration.NONE : before.getValue();
    }

    /** The one in force for a log that ends at {@code index}, with its own index; {@code index} is not below the snapshot. */
    Map.Entry<Long, Configuration> at(long index) {
        return byIndex.floorEntry(index);
    }

    /** Whether any of those that are still known means the member with this store. */
    boolean everIncluded(NodeId id, long incarnation) {
        return byIndex.values().stream().anyMatch(configuration -> configuration.includes(id, incarnation));
    }

    void onAppended(Entry entry) {
        if (entry.kind() == EntryKind.CONFIGURATION) {
            byIndex.put(entry.index(), ConfigurationFormat.read(entry.command()));
        }
    }

    void onTruncatedFrom(long index) {
        byIndex.tailMap(index, true).clear();
    }

    /** The log begins behind a snapshot, or a snapshot covers it so far. */
    void onSnapshot(Optional<CoreSnapshot.Placed> ofSnapshot) {
        byIndex.clear();
        byIndex.put(
                ofSnapshot.map(CoreSnapshot.Placed::index).orElse(0L),
                ofSnapshot.map(CoreSnapshot.Placed::configuration).orElse(first));
    }

    /** A snapshot covers the log through {@code index}: nobody will ask for what was before. */
    void forgetBefore(long index) {
        byIndex.headMap(byIndex.floorKey(index), false).clear();
    }
}
