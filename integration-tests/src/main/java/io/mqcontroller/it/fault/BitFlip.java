package io.mqcontroller.it.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A disk that gives back something else than was written, found when the process that wrote it starts the next time. */
public final class BitFlip {
    private BitFlip() {}

    /** Turns one bit over, in the middle of the largest file with this ending. */
    public static void inTheLargest(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            Path largest = files.filter(file -> file.toString().endsWith(ending))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow(() -> new IllegalStateException("no file " + ending + " in " + folder));
            turnOver(largest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void turnOver(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = bytes.length() / 2;
            bytes.seek(middle);
            int old = bytes.read();
            bytes.seek(middle);
            bytes.write(old ^ 1);
        }
    }
}
