package io.mqcontroller.it.history;

import java.util.List;

/**
 * One attempt to send one message.
 *
 * @param startMs wall clock, before the call
 * @param endMs wall clock, after it
 * @param detail what the client said, for people
 */
public record Send(long startMs, long endMs, Outcome outcome, String key, String detail) {

    /** What the sender may conclude. */
    public enum Outcome {
        /** Promised: the message must never be lost. */
        ACKNOWLEDGED,
        /** Refused: it is not stored. */
        REFUSED,
        /** It may be stored or not. */
        UNKNOWN
    }

    /** The sends among the lines of a producer. */
    public static List<Send> parse(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("SEND "))
                .map(Send::of)
                .toList();
    }

    private static Send of(String line) {
        String[] part = line.split(" ", 8);
        Outcome outcome =
                switch (part[3]) {
                    case "ok" -> Outcome.ACKNOWLEDGED;
                    case "refused" -> Outcome.REFUSED;
                    case "unknown" -> Outcome.UNKNOWN;
                    default -> throw new IllegalArgumentException("outcome of " + line);
                };
        return new Send(Long.parseLong(part[1]), Long.parseLong(part[2]), outcome, part[4], part[7]);
    }

    /** The longest time between two acknowledgements, of those that ended later than this; 0 if there is none. */
    public static long longestSilenceMs(List<Send> sends, long sinceMs) {
        long[] ends = sends.stream()
                .filter(Send::isAcknowledged)
                .mapToLong(Send::endMs)
                .sorted()
                .toArray();
        long longestMs = 0;
        for (int i = 1; i < ends.length; i++) {
            if (ends[i] > sinceMs) {
                longestMs = Math.max(longestMs, ends[i] - ends[i - 1]);
            }
        }
        return longestMs;
    }

    public boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }
}
