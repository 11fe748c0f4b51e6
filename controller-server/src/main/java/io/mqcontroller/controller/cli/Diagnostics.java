package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.http.Metrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What those want to see of one controller who look for a mistake. Each text is made when it is asked for, and bounded. */
final class Diagnostics {
    /** Value of a key that may be a secret, in a line {@code key=value} or in one that goes on behind the value. */
    private static final Pattern SECRET =
            Pattern.compile("(?im)^([^=\n]*(?:" + LiveConfig.SECRET_WORDS + ")[^=\n]*=[ ]*)(\\S+)");

    private final String version;
    private final Path store;
    private final Metrics metrics;
    private final LiveConfig live;
    private final RecentLog log;

    Diagnostics(String version, Path store, Metrics metrics, LiveConfig live, RecentLog log) {
        this.version = version;
        this.store = store;
        this.metrics = metrics;
        this.live = live;
        this.log = log;
    }

    /** By file name. May wait for the disk. */
    SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("versions.txt", versions());
        texts.put("config.txt", withoutSecrets(live.explained()));
        texts.put("metrics.txt", metrics.text());
        texts.put("threads.txt", threads());
        texts.put("store.txt", files());
        texts.put("log.txt", log.text());
        return texts;
    }

    static String withoutSecrets(String properties) {
        return SECRET.matcher(properties).replaceAll("$1***");
    }

    private String versions() {
        Runtime runtime = Runtime.getRuntime();
        return "mqcontroller " + version
                + "\nJava " + Runtime.version() + " of " + System.getProperty("java.vendor")
                + "\n" + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch")
                + "\nprocessors " + runtime.availableProcessors()
                + "\nheap at most " + runtime.maxMemory() + " bytes"
                + "\nprocess " + ProcessHandle.current().pid() + "\n";
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            text.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState());
            if (thread.getLockName() != null) {
                text.append(" on ").append(thread.getLockName());
            }
            if (thread.getLockOwnerName() != null) {
                text.append(" held by \"").append(thread.getLockOwnerName()).append('"');
            }
            text.append('\n');
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private String files() {
        try (Stream<Path> all = Files.walk(store)) {
            return all.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> file.toFile().length() + " " + store.relativize(file) + "\n")
                    .collect(Collectors.joining());
        } catch (IOException e) {
            return "the store can't be listed: " + e + "\n";
        }
    }
}
