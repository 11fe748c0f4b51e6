package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.MembersWatch;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.StateCheckpoint;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.node.FaultHandler;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.node.StateMachine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The thread around {@link ControllerCore}: brings it what happened, and the time. Made before the {@link RaftNode} that it
 * works with, started before it, closed after it.
 */
public final class ControllerLoop implements AutoCloseable, LoopService.EventQueue {
    /** A turn is due at least this often, so that a stall is seen for what it is. */
    private static final long MAX_SLEEP_MS = 100;

    /** More than an operator reads, and less than a megabyte. */
    private static final int MAX_EVENTS = 2_000;

    private final ControllerSettings settings;
    private final ControllerObserver observer;
    private final LongSupplier monotonicMs;
    private final FaultHandler faults;
    private final Mailbox mailbox;
    private final LateConsensus consensus;
    private final ControllerCore core;
    private final EventHistory history = new EventHistory(MAX_EVENTS, System::currentTimeMillis);
    private final StateMachine stateMachine;
    private final ControllerService service;
    private final Thread thread;
    private final MembersWatch members = new MembersWatch(history::add);
    private volatile Optional<Supplier<RaftStatus>> raft = Optional.empty();
    private volatile ControllerView view = ControllerView.EMPTY;
    private volatile StateCheckpoint checkpoint = StateCheckpoint.NONE;
    private volatile boolean stopping;

    /**
     * @param monotonicMs the clock; never goes back
     * @param faults told when a committed record cannot be replayed: the process must end then
     */
    public ControllerLoop(
            NodeId self,
            ControllerSettings settings,
            ElectionPolicy policy,
            RoleNotifier notifier,
            ControllerObserver observer,
            LongSupplier monotonicMs,
            FaultHandler faults) {
        this.settings = settings;
        this.observer = observer;
        this.monotonicMs = monotonicMs;
        this.faults = faults;
        mailbox = new Mailbox(settings.mailboxCapacity());
        consensus = new LateConsensus(self, mailbox);
        core = new ControllerCore(settings, consensus, policy, notifier, observer, history::add);
        stateMachine = new LoopStateMachine(mailbox);
        service = new LoopService(this);
        thread = new Thread(this::run, "controller-loop");
    }

    /** What Raft replicates; give it to the node. */
    public StateMachine stateMachine() {
        return stateMachine;
    }

    public ControllerService service() {
        return service;
    }

    /** Starts the thread. Called before {@link RaftNode#start}, because that needs this loop to restore its snapshot. */
    public void start(RaftNode node) {
        consensus.connect(node);
        node.onApplicationMessage(this::onApplicationMessage);
        thread.start();
    }

    /** From now on, changes of the members that {@code status} shows are part of the history. */
    public void tellMembers(Supplier<RaftStatus> status) {
        raft = Optional.of(status);
    }

    /** The state as of about a second ago; any thread. */
    public ControllerView view() {
        return view;
    }

    /** The newest state that can be compared with that of other controllers; any thread. */
    public StateCheckpoint checkpoint() {
        return checkpoint;
    }

    /** What has changed since the start, as far as this controller saw it. */
    public EventHistory history() {
        return history;
    }

    /**
     * The replicated state as it was after this entry, or now for 0; empty if it is forgotten. Completed on the loop's thread; never,
     * if the loop ends before.
     */
    public CompletionStage<Optional<ReplicatedState>> stateAt(long index) {
        CompletableFuture<Optional<ReplicatedState>> state = new CompletableFuture<>();
        if (!offer(new ControllerEvent.StateAt(index, state::complete), "state")) {
            state.complete(Optional.empty());
        }
        return state;
    }

    /**
     * All groups as they are now, some after the other, for people; fails if too much waits for the loop. Completed on the loop's thread; never, if the loop
     * ends before.
     */
    public CompletionStage<Survey> survey() {
        return SurveyInParts.begin(event -> offer(event, "survey"));
    }

    /** Requests, heartbeats and other events that wait for the loop; any thread. */
    public int mailboxDepth() {
        return mailbox.depth();
    }

    /** Whether the loop is at work; any thread. */
    public boolean isRunning() {
        return thread.isAlive() && !stopping;
    }

    /** From the next turn on, {@code policy} says who may become master; any thread. */
    public void changePolicy(ElectionPolicy policy) {
        mailbox.put(new ControllerEvent.PolicyChanged(policy));
    }

    /** Stops the thread after what waits has been seen to. What is asked afterwards is answered with "not leader". */
    @Override
    public void close() {
        stopping = true;
        mailbox.wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        core.turn(monotonicMs.getAsLong(), List.of(new ControllerEvent.Following(0, Optional.empty())));
        refuseRest();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean offer(ControllerEvent event, String what) {
        if (!mailbox.offer(event)) {
            observer.onMailboxFull(what);
            return false;
        }
        if (stopping && !thread.isAlive()) {
            refuseRest();
        }
        return true;
    }

    @Override
    public void put(ControllerEvent event) {
        mailbox.put(event);
    }

    private void onApplicationMessage(NodeId from, Bytes payload) {
        offer(new ControllerEvent.Relayed(from, payload), "relay");
    }

    private void run() {
        try {
            while (!stopping || mailbox.depth() > 0) {
                long nowMs = monotonicMs.getAsLong();
                long sleepMs = Math.max(0, Math.min(MAX_SLEEP_MS, core.nextDueMs() - nowMs));
                List<ControllerEvent> events = mailbox.take(settings.maxTurnEvents(), stopping ? 0 : sleepMs);
                core.turn(monotonicMs.getAsLong(), events);
                view = core.view();
                checkpoint = core.checkpoint();
                raft.ifPresent(status -> members.look(status.get()));
            }
        } catch (RuntimeException | Error e) {
            stopping = true;
            faults.onFatal("the controller loop cannot go on", e);
        }
    }

    private synchronized void refuseRest() {
        for (ControllerEvent event : mailbox.take(Integer.MAX_VALUE, 0)) {
            if (event instanceof ControllerEvent.Ask<?, ?> ask) {
                ask.answer().accept(new Reply.NotLeader<>(Optional.empty()));
            }
        }
    }
}
