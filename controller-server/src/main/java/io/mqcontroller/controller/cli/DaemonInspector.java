package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.controller.rpc.agent.NodeInspector;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs the checks of one daemon, and looks at its store, on a thread that may wait. */
final class DaemonInspector implements NodeInspector {
    private final List<HealthCheck> checks;
    private final Path store;
    private final Executor mayWait;
    private final long startedNanos = System.nanoTime();

    DaemonInspector(List<HealthCheck> checks, Path store, Executor mayWait) {
        this.checks = List.copyOf(checks);
        this.store = store;
        this.mayWait = mayWait;
    }

    @Override
    public CompletionStage<Inspection> inspect() {
        try {
            return CompletableFuture.supplyAsync(this::look, mayWait);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
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

    /** Files come and go meanwhile; one that is gone counts for nothing. */
    private static long bytesBelow(Path folder) {
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
