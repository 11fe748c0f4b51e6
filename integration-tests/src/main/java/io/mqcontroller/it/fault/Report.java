package io.mqcontroller.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What scenarios measured, a line each: printed, and added to the report file (system property {@code it.report}). */
public final class Report {
    private Report() {}

    public static void line(String line) {
        System.out.println("FAILOVER " + line);
        String file = System.getProperty("it.report");
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(Path.of(file).toAbsolutePath().getParent());
            Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
