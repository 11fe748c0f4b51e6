package io.mqcontroller.controller.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.controller.ControllerLoop;
import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.controller.rpc.agent.NodeInspector;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the checks of one daemon, and looks at its store, on a thread that may wait. */
final class DaemonInspector implements NodeInspector {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonInspector.class);

    /** A frame to a tool has 16 MiB at most. */
    private static final int CAPTURED_PART_BYTES = 4 << 20;

    private final List<HealthCheck> checks;
    private final AtomicBoolean drained;
    private final Path store;
    private final ControllerLoop loop;
    private final LiveConfig live;
    private final Executor mayWait;
    private final StateCaptures captures;
    private final Diagnostics diagnostics;
    private final long startedNanos = System.nanoTime();

    /** @param drained what one of the checks looks at */
    DaemonInspector(
            List<HealthCheck> checks,
            AtomicBoolean drained,
            Path store,
            ControllerLoop loop,
            LiveConfig live,
            Diagnostics diagnostics,
            Executor mayWait) {
        this.diagnostics = diagnostics;
        this.checks = List.copyOf(checks);
        this.drained = drained;
        this.store = store;
        this.loop = loop;
        this.live = live;
        this.mayWait = mayWait;
        captures = new StateCaptures(() -> loop.stateAt(0), mayWait, CAPTURED_PART_BYTES);
    }

    @Override
    public CompletionStage<Inspection> inspect() {
        try {
            return CompletableFuture.supplyAsync(this::look, mayWait);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean drained(boolean isDrained) {
        return drained.getAndSet(isDrained) != isDrained;
    }

    private Inspection look() {
        List<Inspection.FailedCheck> failed = new ArrayList<>();
        for (HealthCheck check : checks) {
            check.run().ifPresent(message -> failed.add(new Inspection.FailedCheck(check.name(), message)));
        }
        return new Inspection(
                failed,
                bytesBelow(store),
                store.toFile().getUsableSpace(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
    }

    @Override
    public List<EventHistory.Seen> history() {
        return loop.history().all();
    }

    @Override
    public CompletionStage<Optional<StateHash>> stateHash(long index) {
        return loop.stateAt(index).thenApplyAsync(state -> state.map(DaemonInspector::hashOf), mayWait);
    }

    private static StateHash hashOf(ReplicatedState state) {
        return new StateHash(
                state.decidedTerm(),
                state.sequence(),
                HexFormat.of().formatHex(SnapshotCodec.sha256(state)),
                state.metadata().groups().size());
    }

    @Override
    public CompletionStage<Optional<CapturedPart>> capture() {
        return captures.capture();
    }

    @Override
    public CompletionStage<Optional<CapturedPart>> captured(long capture, long offset) {
        return captures.part(capture, offset);
    }

    @Override
    public Optional<String> logLevel(String logger) {
        return named(logger).map(found -> found.getEffectiveLevel().toString());
    }

    @Override
    public boolean setLogLevel(String logger, String level) {
        Optional<ch.qos.logback.classic.Logger> found = named(logger);
        found.ifPresent(it -> {
            it.setLevel(Level.toLevel(level));
            LOG.info("event=log_level_changed logger={} level={}", it.getName(), level);
        });
        return found.isPresent();
    }

    /** Only those that there are: each name that is asked for would be remembered for good. */
    private static Optional<ch.qos.logback.classic.Logger> named(String logger) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return Optional.ofNullable(context.exists(logger.isEmpty() ? Logger.ROOT_LOGGER_NAME : logger));
    }

    @Override
    public CompletionStage<ConfigChange> changeConfiguration(String key, String value, boolean dryRun, String by) {
        return CompletableFuture.supplyAsync(() -> change(key, value, dryRun, by), mayWait);
    }

    private ConfigChange change(String key, String value, boolean dryRun, String by) {
        String before = live.text(key).orElse("");
        Optional<LiveConfig.Refused> refused =
                dryRun ? live.wouldRefuse(key, value) : live.change(Map.of(key, value), by);
        if (!dryRun) {
            LOG.info(
                    "event=config_change_asked key={} before=\"{}\" wanted=\"{}\" refused=\"{}\" remote={}",
                    key,
                    LiveConfig.shown(key, before),
                    LiveConfig.shown(key, value),
                    refused.map(LiveConfig.Refused::message).orElse(""),
                    by);
        }
        return new ConfigChange(before, refused.map(LiveConfig.Refused::message));
    }

    @Override
    public CompletionStage<SortedMap<String, String>> diagnostics() {
        return CompletableFuture.supplyAsync(diagnostics::texts, mayWait);
    }

    @Override
    public SortedMap<String, String> configuration() {
        SortedMap<String, String> values = new TreeMap<>();
        live.effectiveProperties().lines().forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return values;
    }

    /** Files come and go meanwhile; one that is gone counts for nothing. */
    static long bytesBelow(Path folder) {
        long[] bytes = new long[1];
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException incomplete) {
            return bytes[0];
        }
        return bytes[0];
    }
}
