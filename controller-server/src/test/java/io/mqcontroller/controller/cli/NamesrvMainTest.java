package io.mqcontroller.controller.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesrvMainTest {
    @TempDir
    Path folder;

    @Test
    void theConfigurationIsFoundInAllWaysInWhichRocketMqTakesIt() {
        for (List<String> args : List.of(
                List.of("-c", "a.conf"),
                List.of("-n", "127.0.0.1:9876", "-ca.conf"),
                List.of("--configFile", "a.conf", "-p"),
                List.of("--configFile=a.conf"),
                List.of("--conf", "a.conf"))) {
            assertEquals(
                    Optional.of("a.conf"), NamesrvMain.configurationFile(args.toArray(new String[0])), args::toString);
        }
        for (List<String> args : List.of(List.<String>of(), List.of("-p"), List.of("-c"), List.of("--help"))) {
            assertEquals(Optional.empty(), NamesrvMain.configurationFile(args.toArray(new String[0])), args::toString);
        }
    }

    @Test
    void theSwitchIsSeenWhateverTheCommentsAreWrittenIn() throws IOException {
        assertTrue(wants("enableControllerInNamesrv = true \n", "UTF-8"));
        assertTrue(wants("# \u5f00\u542f\nenableControllerInNamesrv=true\n", "GBK"));
        assertFalse(wants("enableControllerInNamesrv=false\n", "UTF-8"));
        assertFalse(wants("listenPort=9876\n", "UTF-8"));
    }

    private boolean wants(String text, String charset) throws IOException {
        Path file = folder.resolve("namesrv.conf");
        Files.write(file, text.getBytes(Charset.forName(charset)));
        return NamesrvMain.wantsController(file);
    }
}
