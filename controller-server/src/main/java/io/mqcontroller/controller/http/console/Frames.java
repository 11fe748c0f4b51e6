package io.mqcontroller.controller.http.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The newest events in the format of {@code text/event-stream}, numbered, so that a client that comes back gets what it has missed.
 * Bounded by their number and their bytes. Not thread safe.
 */
final class Frames {
    private static final int MAX_FRAMES = 1_000;
    private static final int MAX_BYTES = 512 << 10;

    private final String run;
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private long last;
    private int bytes;

    /** @param run names this process, whose numbers mean nothing to another one; no dot in it */
    Frames(String run) {
        this.run = run;
    }

    /** Where a client stands that has seen all of them. */
    String cursor() {
        return run + "." + last;
    }

    /** @param json in one line */
    byte[] add(String event, String json) {
        last++;
        byte[] frame = frame(cursor(), event, json);
        frames.addLast(frame);
        bytes += frame.length;
        while (frames.size() > MAX_FRAMES || bytes > MAX_BYTES) {
            bytes -= frames.removeFirst().length;
        }
        return frame;
    }

    /** Forgets all: whoever comes back has to begin anew. */
    void clear() {
        frames.clear();
        bytes = 0;
    }

    /** What came after this; empty if that is not known any more, or was never said. */
    Optional<List<byte[]>> after(String cursor) {
        int dot = cursor.indexOf('.');
        if (dot < 0 || !cursor.substring(0, dot).equals(run)) {
            return Optional.empty();
        }
        long seen;
        try {
            seen = Long.parseLong(cursor.substring(dot + 1));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        long missed = last - seen;
        if (missed < 0 || missed > frames.size()) {
            return Optional.empty();
        }
        return Optional.of(frames.stream().skip(frames.size() - missed).toList());
    }

    /** One event of a stream. */
    static byte[] frame(String id, String event, String json) {
        return ("id: " + id + "\nevent: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
