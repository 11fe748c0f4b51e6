package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import io.mqcontroller.controller.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A controller as a guest of another program. {@link NamesrvMain} calls it through a class loader of its own, so nothing but
 * types of the JDK crosses.
 */
public final class EmbeddedController {
    private EmbeddedController() {}

    /**
     * Reads and checks the configuration; nothing is started yet.
     *
     * @param file the name server's configuration, with the keys of the controller in it
     * @return starts the controller; what that gives back stops it
     * @throws IllegalArgumentException with all mistakes of the file
     */
    public static Callable<AutoCloseable> prepare(String file) {
        Loaded loaded;
        try {
            loaded = ConfigLoader.load(Optional.of(Path.of(file)), System.getenv(), System.getProperty("user.home"));
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e.getMessage());
        }
        ControllerMain.chooseLogFormat(loaded);
        return () -> ControllerDaemon.start(loaded, Version.current(), EmbeddedController::die);
    }

    /**
     * What was written may be lost. The process ends as a whole: the name server has no state, and whoever watches it starts both
     * again.
     */
    private static void die(String what, Throwable cause) {
        System.err.println("mqnamesrv: the controller can't go on: " + what + (cause == null ? "" : ": " + cause));
        Runtime.getRuntime().halt(1);
    }
}
