package io.mqcontroller.raft.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A text of paragraphs, divided by blank lines. Each holds comments ({@code #}), then commands, then {@code ----} and what the
 * commands led to.
 */
final class Script {
    private static final String DIVIDER = "----";
    private static final String NOTHING = "(nothing)";

    private Script() {}

    /** The script with the answers that {@code cluster} gives today. */
    static String play(String script, Function<List<String>, List<String>> cluster) {
        List<String> paragraphs = new ArrayList<>();
        for (String paragraph : script.strip().split("\n\n+")) {
            paragraphs.add(playParagraph(paragraph, cluster));
        }
        return String.join("\n\n", paragraphs) + "\n";
    }

    private static String playParagraph(String paragraph, Function<List<String>, List<String>> cluster) {
        List<String> lines = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        for (String line : paragraph.lines().toList()) {
            if (line.equals(DIVIDER)) {
                break;
            }
            lines.add(line);
            if (!line.startsWith("#")) {
                commands.add(line);
            }
        }
        if (commands.isEmpty()) {
            return String.join("\n", lines);
        }
        lines.add(DIVIDER);
        List<String> answers = cluster.apply(commands);
        lines.addAll(answers.isEmpty() ? List.of(NOTHING) : answers);
        return String.join("\n", lines);
    }
}
