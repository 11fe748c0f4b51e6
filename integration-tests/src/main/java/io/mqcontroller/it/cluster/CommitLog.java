package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The commit log of a broker as it lies on its disk. Reads only; the broker may run. */
public final class CommitLog {
    private final Path folder;

    CommitLog(Path folder) {
        this.folder = folder;
    }

    /** Offset of the first byte that is there. */
    public long start() {
        SortedMap<Long, Path> files = files();
        return files.isEmpty() ? 0 : files.firstKey();
    }

    /** Offset behind the last byte that was ever written; what lies behind that is zeros. */
    public long end() {
        List<Map.Entry<Long, Path>> files = new ArrayList<>(files().entrySet());
        Collections.reverse(files);
        for (var file : files) {
            byte[] bytes = read(file.getValue());
            int length = bytes.length;
            while (length > 0 && bytes[length - 1] == 0) {
                length--;
            }
            if (length > 0) {
                return file.getKey() + length;
            }
        }
        return 0;
    }

    /** First offset from which on the two differ, at most {@code to}; what this one no longer has does not count. */
    public long firstDifference(CommitLog other, long to) {
        SortedMap<Long, Path> others = other.files();
        for (var file : files().entrySet()) {
            long start = file.getKey();
            if (start >= to) {
                break;
            }
            byte[] mine = read(file.getValue());
            byte[] theirs = others.containsKey(start) ? read(others.get(start)) : new byte[0];
            int at = Arrays.mismatch(mine, theirs);
            if (at >= 0 && start + at < to) {
                return start + at;
            }
        }
        return to;
    }

    /** Files by the offset of their first byte. */
    private SortedMap<Long, Path> files() {
        SortedMap<Long, Path> files = new TreeMap<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (Stream<Path> all = Files.list(folder)) {
            all.forEach(file -> files.put(Long.parseLong(file.getFileName().toString()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
