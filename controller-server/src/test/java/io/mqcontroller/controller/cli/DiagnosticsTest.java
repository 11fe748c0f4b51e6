package io.mqcontroller.controller.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.http.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DiagnosticsTest {
    @TempDir
    Path folder;

    @Test
    void everythingThatIsAskedForFirstIsThere() throws Exception {
        Path file = Files.writeString(
                folder.resolve("n0.conf"),
                "controllerDLegerGroup=g\ncontrollerDLegerPeers=n0-127.0.0.1:9877\ncontrollerDLegerSelfId=n0\n"
                        + "controllerStorePath=" + folder + "\n");
        ConfigLoader.Loaded loaded = ConfigLoader.load(Optional.of(file), Map.of(), "/nowhere");
        try (RecentLog log = RecentLog.keep(100);
                Metrics metrics = new Metrics("1.2.3", folder)) {
            LoggerFactory.getLogger(DiagnosticsTest.class).warn("event=something");
            SortedMap<String, String> texts = new Diagnostics("1.2.3", folder, metrics, loaded.live(), log).texts();
            assertEquals(
                    Set.of("versions.txt", "config.txt", "metrics.txt", "threads.txt", "store.txt", "log.txt"),
                    texts.keySet());
            assertTrue(texts.get("versions.txt").startsWith("mqcontroller 1.2.3\n"), texts.get("versions.txt"));
            assertTrue(texts.get("config.txt").contains("controllerDLegerSelfId"), texts.get("config.txt"));
            assertTrue(texts.get("metrics.txt").contains("mqcontroller_build_info"));
            assertTrue(texts.get("threads.txt").contains("Diagnostics.threads"), texts.get("threads.txt"));
            assertTrue(texts.get("store.txt").contains("n0.conf"), texts.get("store.txt"));
            assertTrue(texts.get("log.txt").contains("DiagnosticsTest event=something"), texts.get("log.txt"));
        }
    }

    @Test
    void whatWasLoggedLongAgoIsForgotten() {
        try (RecentLog log = RecentLog.keep(3)) {
            for (int i = 1; i <= 5; i++) {
                LoggerFactory.getLogger(DiagnosticsTest.class).warn("event=number_{}.", i);
            }
            assertFalse(log.text().contains("event=number_2."));
            assertTrue(log.text().contains("event=number_3."), log.text());
            assertTrue(log.text().contains("event=number_5."), log.text());
        }
    }

    @Test
    void valuesThatSoundLikeSecretsAreLeftOut() {
        assertEquals(
                "a=1\nkeyStorePassword=***  # file\nx.authToken = ***\nb=2",
                Diagnostics.withoutSecrets("a=1\nkeyStorePassword=geheim  # file\nx.authToken = abc\nb=2"));
    }
}
