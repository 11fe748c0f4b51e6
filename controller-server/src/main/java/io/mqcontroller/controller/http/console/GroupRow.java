package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.controller.service.Survey.Life;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A group as the list shows it. How far slaves are behind is rounded, so that a row changes when it means something else, and not
 * each second.
 *
 * @param lives of its replicas; empty if this controller does not know them
 */
record GroupRow(BrokerGroup group, SortedMap<BrokerId, Life> lives) {
    /** Shorter than this is what replication takes. */
    private static final long LEAST_LAG_MS = 1_000;

    /** Less than this is on its way between two heartbeats. */
    private static final long LEAST_LAG_BYTES = 1 << 20;

    GroupRow {
        lives = Collections.unmodifiableSortedMap(lives);
    }

    static GroupRow of(BrokerGroup group, Survey survey) {
        SortedMap<BrokerId, Life> rounded = new TreeMap<>();
        survey.livesOf(group)
                .forEach((id, life) -> rounded.put(
                        id,
                        new Life(
                                life.alive(),
                                rounded(life.lagMs(), LEAST_LAG_MS),
                                rounded(life.lagBytes(), LEAST_LAG_BYTES))));
        return new GroupRow(group, rounded);
    }

    /** Whether the same is to be shown: records mostly share the group, so this is quick. */
    boolean showsTheSameAs(GroupRow other) {
        return other != null && (group == other.group || group.equals(other.group)) && lives.equals(other.lives);
    }

    /** Down to {@code least} times a power of two; below that 0; what is not known stays -1. */
    private static long rounded(long value, long least) {
        if (value < least) {
            return Math.min(value, 0);
        }
        return least * Long.highestOneBit(value / least);
    }
}
