package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Who reads a page at night types what stands there. */
class DocumentedCommandsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern COMMAND = Pattern.compile("(?:`|^|\\$ )(?:bin/)?mqctl ([^`\n#|]+)", Pattern.MULTILINE);

    @Test
    void eachCommandThatThePagesNameIsOne() throws IOException {
        List<String> wrong = new ArrayList<>();
        int found = 0;
        for (Path page : pages()) {
            for (String command : COMMAND.matcher(Files.readString(page))
                    .results()
                    .map(match -> match.group(1).strip())
                    .toList()) {
                found++;
                String mistake = mistakeOf(command);
                if (!mistake.isEmpty()) {
                    wrong.add(page + ": mqctl " + command + ": " + mistake);
                }
            }
        }
        assertTrue(found > 60, "found only " + found);
        assertEquals(List.of(), wrong);
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(TOP.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(TOP.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    /** What stands for something is taken for it; a command without the rest is only named. */
    private static String mistakeOf(String command) {
        String[] words = Stream.of(command.split("\\s+"))
                .filter(word -> !word.startsWith("["))
                .map(word -> word.matches("ID|N|OLD|NEW") ? "1" : word)
                .toArray(String[]::new);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            Mqctl.commandLine(new Session(nowhere, nowhere, Map.of(), "/nowhere", false, false))
                    .parseArgs(words);
            return "";
        } catch (MissingParameterException onlyNamed) {
            return "";
        } catch (ParameterException e) {
            return e.getMessage();
        }
    }
}
