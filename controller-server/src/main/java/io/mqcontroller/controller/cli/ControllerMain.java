package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import io.mqcontroller.controller.config.ControllerConfig.LogFormat;
import io.mqcontroller.controller.config.InvalidConfigException;
import io.mqcontroller.controller.http.console.PasswordHash;
import io.mqcontroller.raft.core.LogDamagedException;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code mqcontroller}: runs one controller until SIGTERM or SIGINT. Exit codes: 0 stopped as asked, 1 could not start or
 * could not go on, 2 wrong usage or configuration.
 */
@Command(
        name = "mqcontroller",
        versionProvider = Version.class,
        sortOptions = false,
        description = "Runs one controller for RocketMQ broker groups in the foreground, until SIGTERM.",
        footer = {
            "",
            "Each key can also be given by the environment: MQCONTROLLER_ and the key, in letters of any case.",
            "Exit codes: 0 stopped as asked, 1 could not start or go on, 2 wrong usage or configuration."
        })
public final class ControllerMain implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;
    private static final long STOP_TIMEOUT_MS = 4_500;
    private static final int LEAST_PASSWORD_CHARS = 12;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration: a properties file, as for RocketMQ's controller.")
    private Path file;

    @Option(
            names = {"-p", "--print-config"},
            description = "Print the effective configuration, with where each value came from, and exit.")
    private boolean printConfig;

    @Option(
            names = "--hash-password",
            description = "Read a password, print the line for consolePasswordFile, and exit.")
    private boolean hashPassword;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    private boolean version;

    public static void main(String[] args) {
        int code = new CommandLine(new ControllerMain()).execute(args);
        if (code != OK) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() {
        if (hashPassword) {
            return printHash();
        }
        Loaded loaded;
        try {
            loaded = ConfigLoader.load(Optional.ofNullable(file), System.getenv(), System.getProperty("user.home"));
        } catch (InvalidConfigException e) {
            System.err.println("mqcontroller: " + e.getMessage());
            return WRONG_CONFIGURATION;
        }
        if (printConfig) {
            System.out.print(loaded.live().explained());
            return OK;
        }
        chooseLogFormat(loaded);
        return run(loaded);
    }

    /** Before the first logger is made: Logback reads it once. */
    static void chooseLogFormat(Loaded loaded) {
        if (loaded.config().logFormat() == LogFormat.JSON) {
            System.setProperty("logback.configurationFile", "logback-json.xml");
        }
    }

    /** From the terminal without showing it, or else the first line of the input: without an output to a terminal Java knows none. */
    private static int printHash() {
        Console terminal = System.console();
        char[] password = terminal == null ? firstLine() : terminal.readPassword("Password: ");
        if (password == null || password.length < LEAST_PASSWORD_CHARS) {
            System.err.println("mqcontroller: a password has " + LEAST_PASSWORD_CHARS + " characters or more");
            return WRONG_CONFIGURATION;
        }
        System.out.println(PasswordHash.of(password));
        return OK;
    }

    private static char[] firstLine() {
        Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
        return input.hasNextLine() ? input.nextLine().toCharArray() : new char[0];
    }

    private static int run(Loaded loaded) {
        ControllerDaemon daemon;
        try {
            daemon = ControllerDaemon.start(loaded, Version.current(), ControllerMain::die);
        } catch (IOException | LogDamagedException e) {
            System.err.println("mqcontroller: can't start: " + e.getMessage());
            return FAILED;
        }
        CountDownLatch never = new CountDownLatch(1);
        ServiceManager serviceManager = ServiceManager.ofThisProcess();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndExit(daemon, serviceManager), "stop"));
        serviceManager.ready();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return OK;
    }

    /** A JVM that ends by a signal says 143 or 130; stopping as asked is a success, and service managers want a 0 for it. */
    private static void stopAndExit(ControllerDaemon daemon, ServiceManager serviceManager) {
        Thread watchdog = new Thread(ControllerMain::dieAfterStopTimeout, "stop-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        serviceManager.stopping();
        daemon.close();
        Runtime.getRuntime().halt(OK);
    }

    private static void dieAfterStopTimeout() {
        try {
            TimeUnit.MILLISECONDS.sleep(STOP_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        die("some part did not stop within " + STOP_TIMEOUT_MS + " ms", null);
    }

    /**
     * What was written may be lost, so nothing more may be answered, and no hand-over be tried: the process ends here. The
     * others elect a leader when they miss this one.
     */
    private static void die(String what, Throwable cause) {
        System.err.println("mqcontroller: can't go on: " + what + (cause == null ? "" : ": " + cause));
        Runtime.getRuntime().halt(FAILED);
    }
}
