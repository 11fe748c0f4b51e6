package io.mqcontroller.raft.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The database of one member: opened so that damage is refused instead of skipped, and guarded so that nobody reaches
 * native memory after {@link #close}.
 */
final class RocksDatabase implements AutoCloseable {
    private final Path directory;
    private final RocksOptions options = new RocksOptions();
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final RocksDB database;

    /** Held for reading by whoever uses the database, for writing by {@link #close}: closing waits, using does not. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private final Set<Cursor> openCursors = ConcurrentHashMap.newKeySet();

    private boolean closed;

    /** @param create only where there is nothing: a database that lost its pointer to itself must not be made anew */
    private RocksDatabase(Path directory, boolean create) throws IOException {
        this.directory = directory;
        try {
            database = RocksDB.open(options.forDatabase(create), directory.toString(), options.forFamilies(), families);
        } catch (RocksDBException refused) {
            options.close();
            throw RocksFailure.whileOpened(directory, refused);
        }
    }

    /**
     * Opens the database in {@code directory}, or makes it if there is nothing there.
     *
     * @throws DamagedStoreException if it is damaged, or belongs to somebody else, or is of a newer format
     */
    static RocksDatabase open(Path directory, StoreOwner owner) throws IOException {
        Files.createDirectories(directory);
        loadNativeCode(directory.resolve("native"));
        boolean hasTables = holdsFile(directory, ".sst");
        boolean hasLogs = holdsFile(directory, ".log");
        if (hasTables && !hasLogs) {
            // RocksDB would open it, and forget what was only in the log.
            throw new DamagedStoreException("the store " + directory + " has lost its write-ahead log (*.log)");
        }
        RocksDatabase opened = new RocksDatabase(directory, !hasTables && !hasLogs);
        try {
            StoreIdentityCheck.check(opened, owner);
            return opened;
        } catch (IOException | RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    /**
     * Unpacks RocksDB's native code to a place of ours, once a process. Left to itself it unpacks to a new file in the temp
     * folder at each start, which stays there when the process is killed, and fails where that folder forbids to run code.
     */
    private static synchronized void loadNativeCode(Path to) throws IOException {
        Files.createDirectories(to);
        try {
            NativeLibraryLoader.getInstance().loadLibrary(to.toString());
            RocksDB.loadLibrary();
        } catch (IOException | RuntimeException | UnsatisfiedLinkError failed) {
            throw new IOException(
                    "RocksDB's native code could not be loaded from " + to + " (is running code forbidden there?): "
                            + failed.getMessage(),
                    failed);
        }
    }

    private static boolean holdsFile(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(ending));
        }
    }

    /** Moves what is written so far from the write-ahead log to a table. Blocks. */
    void flush() throws IOException {
        use(() -> {
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                database.flush(flush, families);
            }
            return null;
        });
    }

    Path directory() {
        return directory;
    }

    /** Only to be used inside a {@link Fill} or {@link Use}. */
    ColumnFamilyHandle handle(Family family) {
        return families.get(family.ordinal());
    }

    /** Writes one atomic batch; durable on return. A failure is final. */
    void writeSynced(Fill fill) throws IOException {
        write(options.synced(), fill);
    }

    /** Writes one atomic batch; durable with the next synced one, in order: the write-ahead log is one sequence. */
    void write(Fill fill) throws IOException {
        write(options.unsynced(), fill);
    }

    private void write(WriteOptions how, Fill fill) throws IOException {
        use(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                fill.into(batch);
                database.write(how, batch);
            }
            return null;
        });
    }

    /** The value, or null. */
    byte[] get(Family family, byte[] key) throws IOException {
        return use(() -> database.get(handle(family), options.onceThrough(), key));
    }

    /** Walks over a family as it is now, whatever is written meanwhile. */
    Cursor cursor(Family family) throws IOException {
        return use(() -> {
            Cursor cursor = new Cursor(database.newIterator(handle(family), options.onceThrough()));
            openCursors.add(cursor);
            return cursor;
        });
    }

    /** Does something with native objects while they are sure to be there. */
    <T> T use(Use<T> use) throws IOException {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the store " + directory + " is closed");
            }
            return use.now();
        } catch (RocksDBException failed) {
            throw RocksFailure.whileInUse(directory, failed);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    interface Use<T> {
        T now() throws RocksDBException, IOException;
    }

    /** Puts into a batch what is to be written. */
    interface Fill {
        void into(WriteBatch batch) throws RocksDBException;
    }

    /** Waits for whoever uses the database right now. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            openCursors.forEach(Cursor::release);
            openCursors.clear();
            families.forEach(ColumnFamilyHandle::close);
            database.close();
            options.close();
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    /** An iterator that can't outlive the database. For one thread at a time. */
    final class Cursor implements AutoCloseable {
        private final RocksIterator iterator;

        private Cursor(RocksIterator iterator) {
            this.iterator = iterator;
        }

        /** To the first key from {@code key} on; whether there is one. */
        boolean seek(byte[] key) throws IOException {
            return move(() -> iterator.seek(key));
        }

        /** To the last key up to and with {@code key}; whether there is one. */
        boolean seekAtOrBefore(byte[] key) throws IOException {
            return move(() -> iterator.seekForPrev(key));
        }

        boolean next() throws IOException {
            return move(iterator::next);
        }

        byte[] key() throws IOException {
            return use(iterator::key);
        }

        byte[] value() throws IOException {
            return use(iterator::value);
        }

        private boolean move(Runnable step) throws IOException {
            return use(() -> {
                step.run();
                iterator.status();
                return iterator.isValid();
            });
        }

        /** Does nothing after the database was closed. */
        @Override
        public void close() {
            lifetime.readLock().lock();
            try {
                if (openCursors.remove(this)) {
                    release();
                }
            } finally {
                lifetime.readLock().unlock();
            }
        }

        private void release() {
            iterator.close();
        }
    }

    /** The column families, in the order in which they are opened. */
    enum Family {
        IDENTITY(RocksDB.DEFAULT_COLUMN_FAMILY),
        ENTRIES("entries".getBytes(StandardCharsets.US_ASCII)),
        HARD_STATE("hard_state".getBytes(StandardCharsets.US_ASCII)),
        SNAPSHOTS("snapshots".getBytes(StandardCharsets.US_ASCII));

        private final byte[] storedName;

        Family(byte[] storedName) {
            this.storedName = storedName;
        }

        byte[] storedName() {
            return storedName.clone();
        }
    }
}
