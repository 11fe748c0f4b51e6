package io.mqcontroller.raft.log;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors mean for a store: damage, a full disk, or a disk that fails. */
final class RocksFailure {
    private RocksFailure() {}

    static IOException whileInUse(Path directory, RocksDBException failed) {
        if (isOfCode(failed, Status.Code.Corruption)) {
            return new DamagedStoreException("the store " + directory + " is damaged: " + failed.getMessage(), failed);
        }
        String what = "the store " + directory + " failed: " + failed.getMessage();
        return isDiskFull(failed) ? new DiskFullException(what, failed) : new IOException(what, failed);
    }

    static IOException whileOpened(Path directory, RocksDBException refused) {
        String reason = String.valueOf(refused.getMessage());
        if (reason.contains("/LOCK")) {
            return new IOException(
                    "the store " + directory + " is in use by another process; one member has one process", refused);
        }
        String what = "the store " + directory + " does not open: " + reason;
        if (isDiskFull(refused)) {
            return new DiskFullException(what, refused);
        }
        boolean diskFailed = isOfCode(refused, Status.Code.IOError) && !reason.contains("No such file");
        return diskFailed ? new IOException(what, refused) : new DamagedStoreException(what, refused);
    }

    private static boolean isOfCode(RocksDBException failed, Status.Code code) {
        return failed.getStatus() != null && failed.getStatus().getCode() == code;
    }

    /** A sync that finds no room may have lost what was written before it, like any sync that fails. */
    private static boolean isDiskFull(RocksDBException failed) {
        boolean noRoom = failed.getStatus() != null && failed.getStatus().getSubCode() == Status.SubCode.NoSpace;
        return noRoom && !String.valueOf(failed.getMessage()).contains("sync");
    }
}
