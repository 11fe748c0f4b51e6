package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.RecoveredState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts an empty store in the place of a damaged one, whatever interrupts it. A file beside the store says that this is under
 * way, from before the damaged files are moved until the new store says itself that it lost everything: an empty store that
 * does not say so could vote twice.
 */
final class StoreReplacement {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final StoreOwner owner;
    private final Path marker;
    private final Path incarnation;

    StoreReplacement(Path directory, StoreOwner owner) {
        this.directory = directory.toAbsolutePath();
        this.owner = owner;
        this.marker = this.directory.resolveSibling(this.directory.getFileName() + ".being-replaced");
        this.incarnation = this.directory.resolveSibling(this.directory.getFileName() + ".incarnation");
    }

    /** Keeps the number by which the configuration knows the store outside of it: the next one must go by the same. */
    void remember(RocksLogStore store) throws IOException {
        String number = store.incarnation() + "\n";
        if (!Files.exists(incarnation) || !Files.readString(incarnation).equals(number)) {
            writeDurably(incarnation, number);
        }
    }

    private long rememberedIncarnation() throws IOException {
        if (!Files.exists(incarnation)) {
            return owner.incarnation();
        }
        return numberIn(incarnation, Files.readAllLines(incarnation, StandardCharsets.UTF_8));
    }

    boolean isUnderWay() {
        return Files.exists(marker);
    }

    /** Says durably that it is under way, and why. Returns where the damaged files will be kept. */
    Path begin(String why) throws IOException {
        String name = directory.getFileName() + ".damaged-" + TIME.format(Instant.now());
        // Another number for each loss: the leader must not take the confirmation of an older one for this one's.
        long recoveryId = new SecureRandom().nextLong() | 1;
        writeDurably(marker, recoveryId + "\n" + name + "\n" + why + "\n");
        return directory.resolveSibling(name);
    }

    private void writeDurably(Path to, String content) throws IOException {
        Path unfinished = to.resolveSibling(to.getFileName() + ".unfinished");
        try (FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            file.write(StandardCharsets.UTF_8.encode(content));
            file.force(true);
        }
        Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
        syncParent();
    }

    /** Brings to its end what {@link #begin} began, in this life of the process or an earlier one. */
    RocksLogStore finish() throws IOException {
        List<String> lines = Files.readAllLines(marker, StandardCharsets.UTF_8);
        long recoveryId = numberIn(marker, lines);
        Path aside = directory.resolveSibling(lines.get(1));
        if (!Files.exists(aside) && Files.exists(directory)) {
            moveTo(aside);
        }
        RocksLogStore store = openNew(aside);
        try {
            saySo(store, recoveryId);
        } catch (IOException | RuntimeException failed) {
            store.close();
            throw failed;
        }
        Files.delete(marker);
        syncParent();
        return store;
    }

    private static long numberIn(Path file, List<String> lines) throws IOException {
        try {
            return Long.parseLong(lines.get(0));
        } catch (NumberFormatException | IndexOutOfBoundsException unreadable) {
            throw new IOException("the file " + file + " is unreadable", unreadable);
        }
    }

    /** What stands in the place is a new store, perhaps cut short in its making; it holds nothing yet. */
    private RocksLogStore openNew(Path aside) throws IOException {
        StoreOwner known = new StoreOwner(owner.cluster(), owner.nodeId(), rememberedIncarnation());
        try {
            return RocksLogStore.open(directory, known);
        } catch (DamagedStoreException cutShort) {
            moveTo(aside.resolveSibling(aside.getFileName() + "-unfinished-" + TIME.format(Instant.now())));
            return RocksLogStore.open(directory, known);
        }
    }

    private void moveTo(Path aside) throws IOException {
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        syncParent();
    }

    private static void saySo(RocksLogStore store, long recoveryId) throws IOException {
        RecoveredState found = store.recover();
        if (found.hardState().recoveryId() == recoveryId) {
            return;
        }
        HardState lost = HardState.afterLoss(recoveryId);
        store.write(List.of(new Effect.Persist(1, Optional.of(lost), OptionalLong.empty(), List.of())));
    }

    private void syncParent() throws IOException {
        try (FileChannel parent = FileChannel.open(directory.getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
