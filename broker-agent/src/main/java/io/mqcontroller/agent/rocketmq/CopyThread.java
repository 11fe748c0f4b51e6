package io.mqcontroller.agent.rocketmq;

import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.common.CountDownLatch2;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.remoting.common.RemotingHelper;

/**
 * RocketMQ's thread that copies the master's log, where it sleeps. RocketMQ waits for that thread to end before it changes its
 * role, and in that time the group has no master. But the thread looks only when a sleep of one to five seconds is over, and
 * the one call to end can pass it by: {@code wakeup} is lost to whoever is about to lie down, and to a thread that has
 * just found its connection of no use. So it is woken here again and again, not by {@code wakeup}, which does nothing while
 * an earlier call counts as unheard. Waking is safe at any moment, unlike interrupting, which can close files.
 *
 * @param service what the thread runs
 * @param thread null: it was never started
 * @param selector on which it sleeps while it is connected
 * @param naps what it sleeps on otherwise, and the thread that it waits for itself
 */
record CopyThread(ServiceThread service, Thread thread, Selector selector, List<CountDownLatch2> naps) {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Ends whatever sleep it is in; a thread that is awake does not mind. */
    void wake() {
        selector.wakeup();
        naps.forEach(CountDownLatch2::countDown);
    }

    /** Carries out a change of the role, during which the thread never sleeps for long. */
    boolean awakeDuring(Callable<Boolean> change) throws Exception {
        Thread waker = new Thread(this::keepAwake, "mqagent-waker");
        waker.setDaemon(true);
        waker.start();
        try {
            return change.call();
        } finally {
            waker.interrupt();
        }
    }

    private void keepAwake() {
        while (!Thread.currentThread().isInterrupted() && selector.isOpen()) {
            wake();
            if (service.isStopped() && isConnecting()) {
                // To a master whose machine is gone that takes 5 s. A stopped thread touches no file after it.
                thread.interrupt();
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    private boolean isConnecting() {
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(RemotingHelper.class.getName())
                                && frame.getMethodName().equals("connect"));
    }
}
