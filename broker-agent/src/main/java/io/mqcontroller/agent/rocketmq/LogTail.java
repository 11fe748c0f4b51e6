package io.mqcontroller.agent.rocketmq;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.rocketmq.store.CommitLog;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.DispatchRequest;
import org.apache.rocketmq.store.SelectMappedBufferResult;

/**
 * Cuts off the end of a log that can't be read. RocketMQ writes its log through memory, and when the disk is full goes on for a
 * while as if there were room; the pages are empty. At its next start it would cut them off. A broker that becomes a slave in the same
 * process keeps them, and refuses to cut its log to where its master's begins: no message begins there.
 */
final class LogTail {
    private LogTail() {}

    /** How long the message at an offset is in bytes; {@link #END_OF_FILE}; or {@link #UNREADABLE}. */
    @FunctionalInterface
    interface Reader {
        long END_OF_FILE = 0;
        long UNREADABLE = -1;

        long sizeAt(long offset);
    }

    /**
     * Nobody may write meanwhile.
     *
     * @param from where a message begins, or the log ends, up to which all can be read
     * @return where the log ends now, if something was cut off
     */
    static OptionalLong cutUnreadable(DefaultMessageStore store, long from) throws Exception {
        long fileSize = store.getMessageStoreConfig().getMappedFileSizeCommitLog();
        OptionalLong unreadable = firstUnreadable(
                Math.max(from, store.getMinPhyOffset()),
                store.getMaxPhyOffset(),
                fileSize,
                offset -> sizeAt(store.getCommitLog(), offset));
        if (unreadable.isPresent()) {
            store.truncateDirtyFiles(unreadable.getAsLong());
        }
        return unreadable;
    }

    static OptionalLong firstUnreadable(long from, long end, long fileSize, Reader log) {
        long offset = from;
        while (offset < end) {
            long size = log.sizeAt(offset);
            if (size < 0) {
                return OptionalLong.of(offset);
            }
            offset = size == Reader.END_OF_FILE ? (offset / fileSize + 1) * fileSize : offset + size;
        }
        return OptionalLong.empty();
    }

    private static long sizeAt(CommitLog log, long offset) {
        SelectMappedBufferResult part = log.getData(offset);
        if (part == null) {
            return Reader.UNREADABLE;
        }
        try {
            ByteBuffer bytes = part.getByteBuffer();
            DispatchRequest message = log.checkMessageAndReturnSize(bytes, true, false);
            return message.isSuccess() ? message.getMsgSize() : Reader.UNREADABLE;
        } catch (InternalError noPage) {
            return Reader.UNREADABLE;
        } finally {
            part.release();
        }
    }
}
