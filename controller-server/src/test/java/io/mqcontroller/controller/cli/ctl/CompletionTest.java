package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real bash reads the script that the archive has, and completes with it. */
class CompletionTest {
    /** Does what bash does when somebody presses the tabulator: calls the function that is named for the command. */
    private static final String PRESS_TAB =
            """
            . "$1"
            shift
            # Can be used only while a line is edited.
            compopt() { :; }
            function=$(complete -p mqctl) || exit 1
            function=${function#*-F }
            function=${function%% *}
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            "$function" mqctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeTheScript() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session session = new Session(nowhere, nowhere, Map.of(), "", false, false);
        assertEquals(0, Mqctl.run(session, "write-pages", folder.toString()));
    }

    /** What bash offers for the last of these words. */
    private static SortedSet<String> offered(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", PRESS_TAB, "bash"));
        command.add(folder.resolve("completions/mqctl").toString());
        command.add("mqctl");
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        bash.getOutputStream().close();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, bash.exitValue(), output);
        SortedSet<String> offered = new TreeSet<>();
        output.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(offered::add);
        return offered;
    }

    @Test
    void commandsAreCompleted() throws Exception {
        assertEquals(new TreeSet<>(List.of("group")), offered("gr"));
        assertTrue(
                offered("").containsAll(List.of("status", "health", "group", "node", "snapshot", "config", "watch")));
        assertTrue(!offered("").contains("write-pages"), "it is the build's");
    }

    @Test
    void whatACommandCanDoIsCompleted() throws Exception {
        assertEquals(new TreeSet<>(List.of("restore", "save", "status")), offered("snapshot", ""));
        assertEquals(new TreeSet<>(List.of("replace")), offered("group", "rep"));
    }

    @Test
    void optionsAndTheirValuesAreCompleted() throws Exception {
        assertTrue(offered("group", "replace", "--").containsAll(List.of("--wait", "--dry-run", "--yes")));
        assertEquals(new TreeSet<>(List.of("json", "plain", "table", "yaml")), offered("status", "-o", ""));
        assertEquals(new TreeSet<>(List.of("yaml")), offered("status", "--output", "y"));
    }
}
