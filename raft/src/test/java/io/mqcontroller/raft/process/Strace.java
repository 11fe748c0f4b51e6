package io.mqcontroller.raft.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code strace} on a process that runs: it lets a chosen sync of the process fail, wait, or be the last thing it does.
 * Calls are counted for each thread on its own, from the moment of attaching.
 */
public final class Strace implements AutoCloseable {
    private static final String SYNCS = "fdatasync,fsync";
    private static final String MISSING = "strace is missing (Debian: apt-get install strace)";

    private final Process strace;

    private Strace(Process strace) {
        this.strace = strace;
    }

    /**
     * Attaches, and returns when that is done.
     *
     * @param fault what happens, in {@code strace}'s words: {@code signal=SIGKILL:when=3}
     * @throws IOException if it can't be done here; the message says why
     */
    public static Strace attach(long pid, String fault) throws IOException {
        List<String> command = new ArrayList<>(injecting(fault));
        command.addAll(List.of("-p", Long.toString(pid)));
        Process strace;
        try {
            strace = new ProcessBuilder(command).start();
        } catch (IOException missing) {
            throw new IOException(MISSING, missing);
        }
        BufferedReader said = strace.errorReader();
        String line = said.readLine();
        if (line == null || !line.contains("attached")) {
            strace.destroyForcibly();
            throw new IOException(
                    "strace can't attach to process " + pid + ", is the permission to trace missing? " + line);
        }
        Thread reader = new Thread(() -> readToTheEnd(said), "strace-of-" + pid);
        reader.setDaemon(true);
        reader.start();
        return new Strace(strace);
    }

    /** Otherwise it would wait for a reader when the pipe is full. */
    private static void readToTheEnd(BufferedReader said) {
        try {
            while (said.readLine() != null) {
                // Of no interest.
            }
        } catch (IOException closed) {
            // As good as the end.
        }
    }

    private static List<String> injecting(String fault) {
        return List.of("strace", "-f", "-e", "trace=" + SYNCS, "-e", "inject=" + SYNCS + ":" + fault);
    }

    /** What to put before a command so that its syncs are counted from the beginning. The process keeps its pid and its end. */
    static List<String> fromTheStart(String fault) {
        List<String> command = new ArrayList<>(injecting(fault));
        command.addAll(List.of("--seccomp-bpf", "-D", "-o", "/dev/null"));
        return command;
    }

    /** Detaches; the process goes on undisturbed if it is still there. */
    @Override
    public void close() {
        strace.destroy();
        try {
            if (!strace.waitFor(10, TimeUnit.SECONDS)) {
                strace.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
