package io.mqcontroller.raft.log;

import io.mqcontroller.raft.log.RocksDatabase.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/**
 * How the database is opened, read and written; native memory, so it outlives the database and is closed after it.
 *
 * <p>Why these options: RocksDB's default way to recover (point in time) opens without a word when one bit of its
 * write-ahead log has flipped, and forgets every record from there on, votes and acknowledged entries among them. {@link
 * WALRecoveryMode#TolerateCorruptedTailRecords} accepts a torn tail, which an ordinary power cut leaves, and refuses the
 * flip; it needs log files that are never recycled. Tracking the logs in the manifest finds one that is missing.
 */
final class RocksOptions implements AutoCloseable {
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long BLOCK_CACHE_BYTES = 4L << 20;

    private final List<RocksObject> resources = new ArrayList<>();
    private final WriteOptions synced = keep(new WriteOptions().setSync(true));
    private final WriteOptions unsynced = keep(new WriteOptions());
    private final ReadOptions onceThrough =
            keep(new ReadOptions().setFillCache(false).setVerifyChecksums(true));

    WriteOptions synced() {
        return synced;
    }

    WriteOptions unsynced() {
        return unsynced;
    }

    /** For what is read once, at start or to be sent away: it would only push other things out of the cache. */
    ReadOptions onceThrough() {
        return onceThrough;
    }

    DBOptions forDatabase(boolean create) {
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

    List<ColumnFamilyDescriptor> forFamilies() {
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

    @Override
    public void close() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
    }
}
