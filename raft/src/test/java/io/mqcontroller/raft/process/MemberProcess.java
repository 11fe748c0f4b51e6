package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One life of a {@link MemberProgram}, seen from outside. Ended by its pid, at the latest when this JVM ends. */
final class MemberProcess implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final NodeId id;
    private final Promises promises;
    private final Process process;
    private final Thread reader;
    private final Map<Long, CompletableFuture<Boolean>> proposals = new ConcurrentHashMap<>();
    private volatile long leadingTerm;
    private volatile boolean opened;
    private volatile boolean ready;
    private volatile boolean installedSnapshot;
    private volatile CompletableFuture<List<Long>> state = new CompletableFuture<>();
    private volatile String lastLine = "";

    MemberProcess(NodeId id, List<String> command, Promises promises) throws IOException {
        this.id = id;
        this.promises = promises;
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RUNNING.add(process);
        this.reader = new Thread(this::readAll, "reader-of-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll() {
        try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                onLine(line);
            }
        } catch (IOException ended) {
            // As good as the end of the stream.
        }
        leadingTerm = 0;
        proposals.values().forEach(proposal -> proposal.complete(false));
        state.completeExceptionally(new IOException(id + " ended"));
    }

    private void onLine(String line) {
        promises.onLine(id, line);
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "recovered" -> opened = true;
            case "ready" -> ready = true;
            case "installed" -> installedSnapshot = true;
            case "role" -> leadingTerm = words[1].equals("LEADER") ? Long.parseLong(words[2]) : 0;
            case "done" -> proposals.get(Long.valueOf(words[1])).complete(true);
            case "undone" -> proposals.get(Long.valueOf(words[1])).complete(false);
            case "state" -> KeyList.parse(line.substring("state ".length())).ifPresent(state::complete);
            default -> lastLine = line;
        }
    }

    NodeId id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    /** It has opened its store, and waits for {@link #go}. */
    boolean isOpened() {
        return opened;
    }

    boolean isReady() {
        return ready;
    }

    boolean hasInstalledSnapshot() {
        return installedSnapshot;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** The term that it says it leads, or 0. */
    long leadingTerm() {
        return leadingTerm;
    }

    /** What it said that was no answer, the last of it. */
    String lastLine() {
        return lastLine;
    }

    /** Lets it take part. */
    void go() {
        tell("go");
    }

    /** True when it is done; false if it is not, or if nobody knows. */
    CompletableFuture<Boolean> propose(long key) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        proposals.put(key, result);
        if (!tell("propose " + key) || !reader.isAlive()) {
            result.complete(false);
        }
        return result;
    }

    /** What this member has applied; nothing if it does not run. */
    Optional<List<Long>> state(long patienceSeconds) throws InterruptedException {
        state = new CompletableFuture<>();
        if (!tell("state")) {
            return Optional.empty();
        }
        try {
            return Optional.of(state.get(patienceSeconds, TimeUnit.SECONDS));
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException notNow) {
            return Optional.empty();
        }
    }

    private synchronized boolean tell(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
            return process.isAlive();
        } catch (IOException ended) {
            return false;
        }
    }

    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for the end of the process and of all that it said. */
    int awaitEnd(long patienceSeconds) throws InterruptedException {
        if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException(id + " still runs after " + patienceSeconds + " s: " + lastLine);
        }
        reader.join(TimeUnit.SECONDS.toMillis(patienceSeconds));
        RUNNING.remove(process);
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
        try {
            awaitEnd(10);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
