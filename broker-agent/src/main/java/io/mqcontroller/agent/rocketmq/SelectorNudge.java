package io.mqcontroller.agent.rocketmq;

import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the thread that copies the master's log, again and again while a role is changed. RocketMQ waits for that thread to end before it
 * changes its role, and the thread looks only when its select is over, which lasts up to a second: time in which the group has
 * no master. Waking is safe at any moment, unlike interrupting, which can close files.
 */
final class SelectorNudge {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private volatile boolean done;

    private SelectorNudge() {}

    /** Carries out the change; there may be nothing to wake. */
    static boolean during(Optional<Selector> selector, Callable<Boolean> change) throws Exception {
        SelectorNudge nudge = new SelectorNudge();
        if (selector.isPresent()) {
            Thread thread = new Thread(() -> nudge.run(selector.get()), "mqagent-nudge");
            thread.setDaemon(true);
            thread.start();
        }
        try {
            return change.call();
        } finally {
            nudge.done = true;
        }
    }

    private void run(Selector selector) {
        while (!done && selector.isOpen()) {
            selector.wakeup();
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
