package io.mqcontroller.raft.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each script still comes out as it is written. {@code -Dscripts.rewrite=true} writes down what comes out now instead. */
class ScriptTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

    static Stream<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void comesOutAsWritten(String name) throws IOException {
        Path file = SCRIPTS.resolve(name);
        String written = Files.readString(file);
        String played = Script.play(written, new ScriptedCluster()::carryOut);
        if (Boolean.getBoolean("scripts.rewrite")) {
            Files.writeString(file, played);
        } else {
            assertEquals(written, played, name + " comes out differently; -Dscripts.rewrite=true takes it over");
        }
    }

    @Test
    void differenceIsNoticed() {
        String played =
                Script.play("# A sole member.\ncluster a\npropose a x\n----\nnothing", new ScriptedCluster()::carryOut);
        assertTrue(played.contains("a applies 1/2 x"), played);
    }

    @Test
    void unknownCommandIsAnError() {
        ScriptedCluster cluster = new ScriptedCluster();
        assertTrue(cluster.carryOut(List.of("cluster a", "explode a")).get(0).startsWith("error: "));
    }
}
