package io.mqcontroller.raft.transport;

import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why connections were refused: a reason once, and again after a minute if it goes on. Any thread. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Logged(String reason, long atNanos) {}

    private final AtomicReference<Optional<Logged>> last = new AtomicReference<>(Optional.empty());

    void log(Channel channel, String reason) {
        Logged now = new Logged(reason, System.nanoTime());
        Optional<Logged> before = last.get();
        boolean known = before.isPresent()
                && before.get().reason().equals(reason)
                && now.atNanos() - before.get().atNanos() < REPEAT_NANOS;
        if (!known && last.compareAndSet(before, Optional.of(now))) {
            LOG.warn("event=peer_refused remote={} reason=\"{}\"", channel.remoteAddress(), reason);
        }
    }
}
