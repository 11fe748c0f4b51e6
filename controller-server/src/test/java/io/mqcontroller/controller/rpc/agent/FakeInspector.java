package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.history.EventHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says what it is told to say. */
final class FakeInspector implements NodeInspector {
    boolean drained;
    Inspection inspection = new Inspection(List.of(), 0, 0, 0);
    final List<EventHistory.Seen> history = new ArrayList<>();
    Optional<StateHash> stateHash = Optional.empty();
    final SortedMap<String, String> levels = new TreeMap<>(Map.of("", "INFO"));
    final SortedMap<String, String> configuration = new TreeMap<>(Map.of("bindAddress", "127.0.0.1"));

    Optional<CapturedPart> captured = Optional.empty();

    @Override
    public CompletionStage<Inspection> inspect() {
        return CompletableFuture.completedFuture(inspection);
    }

    @Override
    public List<EventHistory.Seen> history() {
        return history;
    }

    @Override
    public CompletionStage<Optional<StateHash>> stateHash(long index) {
        return CompletableFuture.completedFuture(stateHash);
    }

    @Override
    public CompletionStage<Optional<CapturedPart>> capture() {
        return CompletableFuture.completedFuture(captured);
    }

    @Override
    public CompletionStage<Optional<CapturedPart>> captured(long capture, long offset) {
        return CompletableFuture.completedFuture(captured.filter(part -> part.capture() == capture));
    }

    @Override
    public CompletionStage<ConfigChange> changeConfiguration(String key, String value, boolean dryRun, String by) {
        String before = configuration.get(key);
        if (before == null) {
            return CompletableFuture.completedFuture(new ConfigChange("", Optional.of(key + " is not a key")));
        }
        if (!dryRun) {
            configuration.put(key, value);
        }
        return CompletableFuture.completedFuture(new ConfigChange(before, Optional.empty()));
    }

    @Override
    public CompletionStage<SortedMap<String, String>> diagnostics() {
        return CompletableFuture.completedFuture(new TreeMap<>(Map.of("log.txt", "all is well\n")));
    }

    @Override
    public Optional<String> logLevel(String logger) {
        return Optional.ofNullable(levels.get(logger));
    }

    @Override
    public boolean setLogLevel(String logger, String level) {
        return levels.replace(logger, level) != null;
    }

    @Override
    public SortedMap<String, String> configuration() {
        return configuration;
    }

    @Override
    public boolean drained(boolean isDrained) {
        boolean changed = drained != isDrained;
        drained = isDrained;
        return changed;
    }
}
