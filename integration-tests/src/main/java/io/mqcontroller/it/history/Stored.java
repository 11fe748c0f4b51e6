package io.mqcontroller.it.history;

import java.util.List;

/** One message as a reader found it. */
public record Stored(int queue, long offset, String key) {

    /** The messages among the lines of a reader, which must have come to the end of every queue. */
    public static List<Stored> parse(List<String> lines) {
        if (lines.stream().noneMatch(line -> line.startsWith("END "))) {
            throw new AssertionError("the reader did not reach the end:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 200), lines.size())));
        }
        return lines.stream()
                .filter(line -> line.startsWith("MESSAGE "))
                .map(line -> line.split(" "))
                .map(part -> new Stored(Integer.parseInt(part[1]), Long.parseLong(part[2]), part[3]))
                .toList();
    }
}
