package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.core.AgentAction;
import io.mqcontroller.agent.core.AgentCore;
import io.mqcontroller.agent.core.AgentEvent;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.core.BrokerReport;
import io.mqcontroller.agent.core.Identity;
import io.mqcontroller.agent.spi.AgentListener;
import io.mqcontroller.agent.spi.BrokerReplica;
import io.mqcontroller.agent.spi.LogPosition;
import io.mqcontroller.agent.spi.WritePermit;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The agent of one broker. Its thread takes what happens from the mailbox, one by one, lets the core decide and carries out
 * what it wants.
 *
 * <p>The broker starts fenced: {@link WritePermit} refuses everything until the agent has been told a role.
 */
public final class BrokerAgent {
    /** Shorter than a slave that has lost its connection stays in the set: the cause may be this store. */
    private static final long PROBE_PERIOD_MS = 500;

    private static final long RESOLVE_PERIOD_MS = 30_000;
    /** Behind which the agent has other troubles than those it would be told of. */
    private static final int MAX_MAIL = 10_000;

    private final AgentConfig config;
    private final BrokerReplica replica;
    private final AgentListener listener;
    private final AgentCore core;
    private final Clock clock = new Clock();
    private final BlockingQueue<AgentEvent> mailbox = new LinkedBlockingQueue<>(MAX_MAIL);
    private final AtomicBoolean looksSoon = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ScheduledExecutorService disk;
    private final PeerQuestions peers;
    private final StoreProbe probe;
    private final Controllers controllers;
    private final long resolvePeriodMs;
    private final ActionExecutor executor;
    private final Thread thread;
    private volatile AgentStatus status;
    private volatile boolean ended;

    /**
     * @param permit the one that the broker asks
     * @param controllerAddr the value of this key now, for it may be changed while the broker runs
     */
    public BrokerAgent(
            AgentConfig config,
            BrokerReplica replica,
            WritePermit permit,
            Supplier<String> controllerAddr,
            AgentListener listener) {
        this(config, replica, permit, controllerAddr, RESOLVE_PERIOD_MS, listener);
    }

    BrokerAgent(
            AgentConfig config,
            BrokerReplica replica,
            WritePermit permit,
            Supplier<String> controllerAddr,
            long resolvePeriodMs,
            AgentListener listener) {
        this.config = config;
        this.resolvePeriodMs = resolvePeriodMs;
        this.replica = replica;
        this.listener = listener;
        core = new AgentCore(config.settings());
        disk = singleThread("mqagent-disk");
        Words words = new Words(config.settings(), config.zone());
        peers = new PeerQuestions(words.group(), replica, this::tell);
        probe = new StoreProbe(replica);
        controllers = new Controllers(controllerAddr, config.lookUpControllers());
        executor = new ActionExecutor(
                new ActionExecutor.Parts(config, words, replica, permit, clock, peers, disk, listener),
                this::tell,
                stopped::countDown);
        thread = new Thread(this::run, "mqagent");
        thread.setDaemon(true);
    }

    /**
     * Begins. The broker's store must be open; its ports need not be.
     *
     * @throws IOException if the identity file can't be read: nothing was begun
     */
    public void start() throws IOException {
        Optional<Identity> identity = new IdentityFile(config.identityFile()).read();
        config.notices().forEach(listener::info);
        probe.run();
        String checkCode = config.settings().address() + ";" + System.currentTimeMillis();
        tell(new AgentEvent.Started(identity, checkCode, controllers.now(), report()));
        thread.start();
        disk.scheduleWithFixedDelay(probe, PROBE_PERIOD_MS, PROBE_PERIOD_MS, TimeUnit.MILLISECONDS);
        disk.scheduleWithFixedDelay(
                () -> tell(new AgentEvent.ControllersResolved(controllers.now())),
                resolvePeriodMs,
                resolvePeriodMs,
                TimeUnit.MILLISECONDS);
    }

    /** Something about the replica's slaves has changed: look soon. Any thread; cheap. */
    public void lookSoon() {
        if (looksSoon.compareAndSet(false, true)) {
            // Only wakes the thread; the report is made there, when its turn comes.
            mailbox.offer(WAKE_UP);
        }
    }

    /** A question of another agent that came over the broker's port. Any thread. */
    public CompletionStage<byte[]> askedByPeer(byte[] question) {
        return peers.asked(question);
    }

    /** How the agent stands; null before {@link #start}. Any thread. */
    public AgentStatus status() {
        return status;
    }

    /**
     * Fences the broker, gives the role back and waits until a controller has taken it, but no longer than so. The broker goes
     * on copying or serving reads; writes are over for this process.
     */
    public void resign(long withinMs) {
        tell(new AgentEvent.StopRequested());
        try {
            if (!stopped.await(withinMs, TimeUnit.MILLISECONDS)) {
                listener.warn("the controllers did not take the role back within " + withinMs + " ms", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all threads. Without {@link #resign} before it, the role is kept until the lease has run out. */
    public void close() {
        ended = true;
        thread.interrupt();
        executor.close();
        disk.shutdownNow();
    }

    private static final AgentEvent WAKE_UP = new AgentEvent.PeerSilent(Long.MIN_VALUE);

    private void tell(AgentEvent event) {
        if (!mailbox.offer(event) && !ended) {
            listener.warn("the agent is " + MAX_MAIL + " events behind; it does not learn of " + event, null);
        }
    }

    private void run() {
        while (!ended) {
            try {
                step(nextEvent());
            } catch (InterruptedException e) {
                // The end, or nothing.
            } catch (Throwable e) {
                // A core that has failed half-way can't be trusted with a permit; what was granted runs out by itself.
                executor.fenceForGood();
                listener.warn("the agent failed; the broker is fenced until it is started again", e);
                return;
            }
        }
    }

    private AgentEvent nextEvent() throws InterruptedException {
        long waitMs = core.nextDueMs() - clock.nowMs();
        AgentEvent event = waitMs > 0 ? mailbox.poll(Math.min(waitMs, 60_000), TimeUnit.MILLISECONDS) : mailbox.poll();
        if (event == null || event == WAKE_UP) {
            looksSoon.set(false);
            return new AgentEvent.Tick(report());
        }
        return event;
    }

    private void step(AgentEvent event) {
        for (AgentAction action : core.step(clock.nowMs(), event)) {
            action.executeWith(executor);
        }
        status = core.status();
        executor.brokerId(status.brokerId());
    }

    private BrokerReport report() {
        LogPosition position = replica.position();
        return new BrokerReport(
                position.lastEpoch(),
                position.maxOffset(),
                position.confirmOffset(),
                position.epochStartOffset(),
                replica.wantedAckRule(),
                probe.unfit(),
                replica.slaves());
    }

    static ScheduledExecutorService singleThread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, daemons(name));
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Makes threads that keep no process from ending. */
    static ThreadFactory daemons(String name) {
        return task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        };
    }
}
