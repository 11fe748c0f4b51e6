package io.mqcontroller.controller.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Changes made at run time, kept beside the store so that they outlive a restart. {@code key=value} lines. */
record ChangesFile(Path path) {
    static ChangesFile in(Path store) {
        return new ChangesFile(store.resolve("changed-at-run-time.conf"));
    }

    String origin() {
        return "changed at run time, " + path;
    }

    /** What was changed; empty if nothing ever was. */
    SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> changes = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    changes.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
        } catch (NoSuchFileException e) {
            return changes;
        }
        return changes;
    }

    /** Replaces all changes, durably and all at once. Blocks for a sync. */
    void write(Map<String, String> changes) throws IOException {
        StringBuilder text =
                new StringBuilder("# Written by the daemon; wins over the configuration file and the environment.\n");
        new TreeMap<>(changes)
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        Files.createDirectories(path.getParent());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            // The new name is durable only with the folder.
            folder.force(true);
        }
    }
}
