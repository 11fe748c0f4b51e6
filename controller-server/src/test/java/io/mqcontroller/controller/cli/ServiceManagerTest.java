package io.mqcontroller.controller.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
    private static final Map<String, String> UNDER_SYSTEMD = Map.of("NOTIFY_SOCKET", "/run/systemd/notify");

    @TempDir
    Path folder;

    @Test
    void itIsToldForThisProcessWhatHappens() throws IOException {
        Path told = folder.resolve("told");
        ServiceManager manager = new ServiceManager(UNDER_SYSTEMD, List.of("sh", "-c", "echo \"$@\" >> " + told, "-"));

        manager.ready();
        manager.stopping();

        String self = "--pid=" + ProcessHandle.current().pid();
        assertEquals(List.of(self + " --ready", self + " STOPPING=1"), Files.readAllLines(told));
    }

    @Test
    void withoutSystemdNothingIsRun() {
        Path told = folder.resolve("told");
        ServiceManager manager = new ServiceManager(Map.of(), List.of("touch", told.toString()));

        manager.ready();

        assertFalse(Files.exists(told));
    }

    @Test
    void aControllerRunsOnWhenItCanNotBeTold() {
        new ServiceManager(UNDER_SYSTEMD, List.of(folder.resolve("missing").toString())).ready();
        new ServiceManager(UNDER_SYSTEMD, List.of("false")).stopping();
    }
}
