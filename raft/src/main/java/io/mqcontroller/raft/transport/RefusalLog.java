package io.mqcontroller.raft.transport;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why connections were refused: a reason once, and again after a minute if it goes on. Strangers choose the reasons, so
 * there are only so many lines a minute, whatever they try. Any thread.
 */
final class RefusalLog {
    static final int MAX_REASONS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_SAID_CHARS = 128;

    private final LongSupplier nanoTime;
    /** When each reason was logged, oldest first. */
    private final Map<String, Long> logged = new LinkedHashMap<>();

    RefusalLog() {
        this(System::nanoTime);
    }

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What somebody else said, as it may stand in a line of the log. */
    static String said(String text) {
        String part = text.length() > MAX_SAID_CHARS ? text.substring(0, MAX_SAID_CHARS) + "..." : text;
        return part.replaceAll("[\\p{Cntrl}\"]", " ");
    }

    void log(Channel channel, String reason) {
        if (admits(reason)) {
            LOG.warn("event=peer_refused remote={} reason=\"{}\"", channel.remoteAddress(), reason);
        }
    }

    synchronized boolean admits(String reason) {
        long now = nanoTime.getAsLong();
        for (Iterator<Long> times = logged.values().iterator(); times.hasNext(); ) {
            if (now - times.next() < REPEAT_NANOS) {
                break;
            }
            times.remove();
        }
        if (logged.size() >= MAX_REASONS || logged.containsKey(reason)) {
            return false;
        }
        logged.put(reason, now);
        return true;
    }
}
