package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What waits for a sync: {@code toDurable} carries it out, {@code report} is told to the member then.
 *
 * @param torn the part of it that a store takes for the whole that does not look whether it is
 */
record DiskWrite(
        int sizeBytes,
        Consumer<LogImage> toDurable,
        BiConsumer<LogImage, Integer> torn,
        Event report,
        boolean isInstall) {
    private static final int HEAD_BYTES = 60;
    private static final int ENTRY_BYTES = 50;

    /** Of no consequence if it is lost. */
    DiskWrite(Consumer<LogImage> toDurable, Event report, boolean isInstall) {
        this(TornTail.SECTOR_BYTES, toDurable, (image, bytes) -> {}, report, isInstall);
    }

    static DiskWrite of(Effect.Persist persist, Event report) {
        int sizeBytes = HEAD_BYTES;
        for (Entry entry : persist.append()) {
            sizeBytes += sizeOf(entry);
        }
        return new DiskWrite(
                sizeBytes,
                image -> image.write(persist),
                (image, bytes) -> image.write(beginning(persist, bytes)),
                report,
                false);
    }

    /** As much of it as there is in the first {@code bytes}: the hard state, then entries. */
    private static Effect.Persist beginning(Effect.Persist persist, int bytes) {
        int left = bytes - HEAD_BYTES;
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : persist.append()) {
            left -= sizeOf(entry);
            if (left >= 0) {
                entries.add(entry);
            }
        }
        Optional<HardState> hardState = bytes < HEAD_BYTES ? Optional.empty() : persist.hardState();
        return new Effect.Persist(persist.sequence(), hardState, persist.truncateFrom(), entries);
    }

    private static int sizeOf(Entry entry) {
        return ENTRY_BYTES + entry.command().size();
    }
}
