package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code bin/mqctl} as an operator runs it. */
public final class OperatorCommand {
    private static final long TIMEOUT_S = 60;

    private final Path folder;
    private final String endpoints;

    /**
     * @param folder for what it keeps in a home folder
     * @param endpoints of the controllers to ask
     */
    public OperatorCommand(Path folder, String endpoints) {
        this.folder = folder;
        this.endpoints = endpoints;
    }

    /** What a command said, and how it ended. */
    public record Result(int exitCode, String output, String errors) {
        @Override
        public String toString() {
            return "exit code " + exitCode + "\n" + output + errors;
        }
    }

    /** Runs it to its end. */
    public Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Checkout.operatorLauncher().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("MQCTL_ENDPOINTS", endpoints);
        builder.environment().remove("XDG_CACHE_HOME");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> errors =
                    CompletableFuture.supplyAsync(() -> text(process.errorReader(StandardCharsets.UTF_8)));
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> text(process.inputReader(StandardCharsets.UTF_8)));
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end within " + TIMEOUT_S + " s");
            }
            return new Result(process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String text(Reader reader) {
        StringBuilder text = new StringBuilder();
        char[] part = new char[4096];
        try (reader) {
            for (int count = reader.read(part); count >= 0; count = reader.read(part)) {
                text.append(part, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
