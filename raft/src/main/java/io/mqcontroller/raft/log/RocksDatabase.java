package io.mqcontroller.raft.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.StoreIdentity;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The database of one member: opened so that damage is refused instead of skipped, and guarded so that nobody reaches
 * native memory after {@link #close}.
 *
 * <p>Why these options: RocksDB's default way to recover (point in time) opens without a word when one bit of its
 * write-ahead log has flipped, and forgets every record from there on, votes and acknowledged entries among them. {@link
 * WALRecoveryMode#TolerateCorruptedTailRecords} accepts a torn tail, which an ordinary power cut leaves, and refuses the
 * flip; it needs log files that are never recycled. Tracking the logs in the manifest finds one that is missing.
 */
final class RocksDatabase implements AutoCloseable {
    static final int FORMAT_VERSION = 1;

    private static final byte[] IDENTITY_KEY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long BLOCK_CACHE_BYTES = 4L << 20;

    private final Path directory;
    private final List<RocksObject> resources = new ArrayList<>();
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final WriteOptions synced = keep(new WriteOptions().setSync(true));
    private final WriteOptions unsynced = keep(new WriteOptions());
    private final ReadOptions onceThrough =
            keep(new ReadOptions().setFillCache(false).setVerifyChecksums(true));
    private final RocksDB database;

    /** Held for reading by whoever uses the database, for writing by {@link #close}: closing waits, using does not. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private final Set<Cursor> openCursors = ConcurrentHashMap.newKeySet();

    private boolean closed;

    /** @param create only where there is nothing: a database that lost its pointer to itself must not be made anew */
    private RocksDatabase(Path directory, boolean create) throws IOException {
        this.directory = directory;
        try {
            database = RocksDB.open(databaseOptions(create), directory.toString(), columnFamilies(), families);
        } catch (RocksDBException refused) {
            releaseResources();
            throw whyNotOpened(refused);
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
            opened.checkIdentity(owner);
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

    private DBOptions databaseOptions(boolean create) {
        Properties withoutSetter = new Properties();
        withoutSetter.setProperty("track_and_verify_wals_in_manifest", "true");
        return keep(DBOptions.getDBOptionsFromProps(withoutSetter))
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setRecycleLogFileNum(0)
                .setParanoidChecks(true)
                .setAtomicFlush(true)
                .setAvoidFlushDuringShutdown(true)
                .setMaxTotalWalSize(4 * WRITE_BUFFER_BYTES)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(64)
                .setStatsDumpPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(4)
                .setMaxLogFileSize(1L << 20);
    }

    private List<ColumnFamilyDescriptor> columnFamilies() {
        Cache cache = keep(new LRUCache(BLOCK_CACHE_BYTES));
        ColumnFamilyOptions options = keep(new ColumnFamilyOptions())
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setParanoidFileChecks(true)
                .setForceConsistencyChecks(true)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setFormatVersion(5));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.storedName(), options));
        }
        return descriptors;
    }

    private <T extends RocksObject> T keep(T resource) {
        resources.add(resource);
        return resource;
    }

    private IOException whyNotOpened(RocksDBException refused) {
        String reason = String.valueOf(refused.getMessage());
        if (reason.contains("lock")) {
            return new IOException(
                    "the store " + directory + " is in use by another process; one member has one process", refused);
        }
        return new DamagedStoreException("the store " + directory + " does not open: " + reason, refused);
    }

    private void checkIdentity(StoreOwner owner) throws IOException {
        byte[] stored = get(Family.IDENTITY, IDENTITY_KEY);
        if (stored == null) {
            requireNothingStored();
            writeIdentity(owner);
            return;
        }
        StoreIdentity identity;
        try {
            identity = StoreIdentity.parseFrom(stored);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new DamagedStoreException("the store " + directory + " has an unreadable identity", unreadable);
        }
        if (identity.getFormatVersion() > FORMAT_VERSION) {
            throw new DamagedStoreException("the store " + directory + " has format " + identity.getFormatVersion()
                    + ", written by a newer version; this one reads formats up to " + FORMAT_VERSION);
        }
        StoreOwner found = new StoreOwner(identity.getCluster(), new NodeId(identity.getNodeId()));
        if (!found.equals(owner)) {
            throw new DamagedStoreException("the store " + directory + " belongs to member " + found.nodeId()
                    + " of cluster " + found.cluster() + ", not to member " + owner.nodeId() + " of cluster "
                    + owner.cluster());
        }
    }

    /** Without an identity there is nothing else yet: it is the first thing written, so its making was cut short. */
    private void requireNothingStored() throws IOException {
        for (Family family : Family.values()) {
            try (Cursor any = cursor(family)) {
                if (any.seek(new byte[0])) {
                    throw new DamagedStoreException(
                            "the store " + directory + " has lost its identity: it holds " + family + " without one");
                }
            }
        }
    }

    private void writeIdentity(StoreOwner owner) throws IOException {
        StoreIdentity identity = StoreIdentity.newBuilder()
                .setFormatVersion(FORMAT_VERSION)
                .setCluster(owner.cluster())
                .setNodeId(owner.nodeId().value())
                .build();
        writeSynced(batch -> batch.put(handle(Family.IDENTITY), IDENTITY_KEY, identity.toByteArray()));
        use(() -> {
            // From here on there is a table, which tells a store that lost its log from one that is being made.
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
        write(synced, fill);
    }

    /** Writes one atomic batch; durable with the next synced one, in order: the write-ahead log is one sequence. */
    void write(Fill fill) throws IOException {
        write(unsynced, fill);
    }

    private void write(WriteOptions options, Fill fill) throws IOException {
        use(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                fill.into(batch);
                database.write(options, batch);
            }
            return null;
        });
    }

    /** The value, or null. */
    byte[] get(Family family, byte[] key) throws IOException {
        return use(() -> database.get(handle(family), onceThrough, key));
    }

    /** Walks over a family as it is now, whatever is written meanwhile. */
    Cursor cursor(Family family) throws IOException {
        return use(() -> {
            Cursor cursor = new Cursor(database.newIterator(handle(family), onceThrough));
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
            throw new IOException("the store " + directory + " failed: " + failed.getMessage(), failed);
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
            releaseResources();
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private void releaseResources() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
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
                try {
                    iterator.status();
                } catch (RocksDBException damaged) {
                    throw new DamagedStoreException(
                            "the store " + directory + " can't be read: " + damaged.getMessage(), damaged);
                }
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

        private byte[] storedName() {
            return storedName.clone();
        }
    }
}
