package io.mqcontroller.raft.node;

import io.mqcontroller.raft.codec.MessageCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.transport.Refusal;
import io.mqcontroller.raft.transport.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A running member. All methods may be called from any thread, and none of them blocks, except for {@link #start} and
 * {@link #close}.
 *
 * <p>Callbacks of {@link #propose} and {@link #read} run on the Raft thread, each exactly once, after {@link
 * StateMachine#apply} of what they stand for; they must return at once and not throw. If the mailbox is full or the node is
 * stopped they run on the caller's thread before the method returns.
 */
public final class RaftNode implements AutoCloseable {
    private static final BiConsumer<NodeId, Bytes> NOBODY = (from, payload) -> {};

    private final RaftNodeConfig config;
    private final LogStore store;
    private final DiskReserve reserve;
    private final Transport transport;
    private final StateMachine machine;
    private final RaftListener listener;
    private final Mailbox mailbox;
    private final Fault fault;
    private volatile BiConsumer<NodeId, Bytes> applicationReceiver = NOBODY;
    private volatile Optional<Running> running = Optional.empty();
    private boolean closed;

    /** What exists between start and close. */
    private record Running(
            RaftLoop loop,
            DiskWriter disk,
            SnapshotWorker snapshots,
            Membership membership,
            Formation formation,
            List<Thread> threads) {}

    /**
     * @param store this node's from here on: it is closed by {@link #close}
     * @param reserve room on the store's disk, this node's from here on
     * @param transport this node's from here on, likewise
     */
    public RaftNode(
            RaftNodeConfig config,
            LogStore store,
            DiskReserve reserve,
            Transport transport,
            StateMachine machine,
            RaftListener listener,
            FaultHandler faults) {
        this.config = config;
        this.store = store;
        this.reserve = reserve;
        this.transport = transport;
        this.machine = machine;
        this.listener = listener;
        this.mailbox = new Mailbox(config.maxWaiting(), config.maxWaitingMessageBytes());
        this.fault = new Fault(mailbox, faults);
    }

    /**
     * Reads the store back, and starts the threads. A node that does not start is still to be closed.
     *
     * @throws io.mqcontroller.raft.log.DamagedStoreException if the store does not hold what was written
     * @throws io.mqcontroller.raft.core.LogDamagedException likewise, if its parts do not fit together
     */
    public synchronized void start() throws IOException {
        if (running.isPresent() || closed) {
            throw new IllegalStateException("a node is started once");
        }
        RecoveredState recovered = store.recover();
        RaftCore core = new RaftCore(config.settings(), recovered, new Random(config.randomSeed()));
        String self = config.settings().self().value();
        DiskWriter disk = new DiskWriter(store, mailbox, fault, listener, reserve);
        SnapshotWorker snapshots =
                new SnapshotWorker(store, mailbox, fault, listener, work -> thread("raft-snapshot-" + self, work));
        Membership membership = new Membership(
                config.settings().self(), 2 * config.settings().electionTimeoutMs(), transport, listener);
        RaftLoop loop = new RaftLoop(
                config, core, mailbox, store, disk, snapshots, transport, machine, listener, membership, fault);
        Formation formation = Formation.of(config.settings(), recovered);
        List<Thread> threads = List.of(
                thread("raft-" + self, () -> {
                    formation.await(transport, mailbox::isClosed);
                    loop.run();
                }),
                thread("raft-disk-" + self, disk));
        running = Optional.of(new Running(loop, disk, snapshots, membership, formation, threads));
        transport.start(new Inbound(membership, formation));
        threads.forEach(Thread::start);
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Proposes a command under a fresh id of this process. */
    public void propose(Bytes command, Consumer<ProposalResult> callback) {
        propose(Optional.empty(), command, callback);
    }

    /**
     * Proposes a command under an id that the caller chose: proposed again, it takes effect once. While it still waits here
     * under the same id, both callers share one outcome.
     */
    public void propose(ProposalId id, Bytes command, Consumer<ProposalResult> callback) {
        propose(Optional.of(id), command, callback);
    }

    private void propose(Optional<ProposalId> id, Bytes command, Consumer<ProposalResult> callback) {
        if (!mailbox.offer(new Input.Proposal(id, command, callback, System.nanoTime()))) {
            ProposalResult refused = new ProposalResult.NotDone(
                    mailbox.isClosed() ? Rejection.NOT_LEADER : Rejection.OVERLOADED, Optional.empty());
            listener.onMailboxFull("proposal");
            callback.accept(refused);
        }
    }

    /** Asks for a moment at which reading the state machine is linearizable (§8, ReadIndex). */
    public void read(Consumer<ReadResult> callback) {
        if (!mailbox.offer(new Input.Read(callback))) {
            listener.onMailboxFull("read");
            callback.accept(new ReadResult.NotLeader(Optional.empty()));
        }
    }

    /**
     * Hands leadership to {@code target}, or to the most up-to-date follower.
     *
     * @return true when another member is known to lead; false if this one did not lead, or if twice an election timeout
     *     went by without another leader. Completed on the Raft thread
     */
    public CompletableFuture<Boolean> transferLeadership(Optional<NodeId> target) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        if (!mailbox.offer(new Input.Transfer(target, done))) {
            done.complete(false);
        }
        return done;
    }

    /** Members that have answered this one, and whose application does not name this capability. Any thread. */
    public SortedSet<NodeId> without(String capability) {
        return transport.without(capability);
    }

    /** Whether all other members have answered this one, and their application names this capability. Any thread. */
    public boolean allHave(String capability) {
        return transport.allHave(capability);
    }

    /**
     * Changes the members, one step at a time; on the leader only.
     *
     * @return what came of it, when that is known. Completed on the Raft thread
     */
    public CompletableFuture<MembershipResult> changeMembership(MembershipChange change) {
        CompletableFuture<MembershipResult> done = new CompletableFuture<>();
        SortedSet<NodeId> older = transport.without(Transport.MEMBERSHIP);
        if (!older.isEmpty()) {
            // They would stop at the entry, and with enough of them the cluster.
            done.complete(new MembershipResult.NotAdmitted(
                    older + " run a version that does not know changes of the members: upgrade them first"));
            return done;
        }
        if (!mailbox.offer(new Input.Change(change, done))) {
            listener.onMailboxFull("membership change");
            done.complete(new MembershipResult.NotDone(MembershipRejection.NOT_LEADER, Optional.empty()));
        }
        return done;
    }

    /**
     * Adds somebody who listens at {@code address}, as a learner, after asking there who it is; on the leader only. The
     * address is {@code host:port}; what follows a comma is kept for the application.
     *
     * @return as {@link #changeMembership}
     */
    public CompletableFuture<MembershipResult> addLearner(NodeId id, String address) {
        RaftStatus now = status();
        if (now.role() != RoleName.LEADER) {
            return CompletableFuture.completedFuture(
                    new MembershipResult.NotDone(MembershipRejection.NOT_LEADER, now.leader()));
        } else if (now.configuration().isMember(id)) {
            // Without a question to it, for that would end the connection that is there.
            return CompletableFuture.completedFuture(
                    new MembershipResult.NotDone(MembershipRejection.ALREADY_MEMBER, now.leader()));
        }
        CompletableFuture<MembershipResult> result = new CompletableFuture<>();
        transport.incarnationOf(id, address).whenComplete((incarnation, failed) -> {
            if (failed != null) {
                result.complete(new MembershipResult.NotAdmitted(
                        id + " at " + address + " could not be asked: " + failed.getMessage()));
            } else if (incarnation == RecoveredState.BOOTSTRAPPED) {
                result.complete(new MembershipResult.NotAdmitted("the store of " + id
                        + " was not made to join a cluster: stop it, empty its store, and start it so that it joins"));
            } else {
                changeMembership(new MembershipChange.AddLearner(new ConfiguredMember(id, address, incarnation)))
                        .thenAccept(result::complete);
            }
        });
        return result;
    }

    /**
     * What part this node has in its cluster.
     *
     * @throws IllegalStateException before {@link #start}
     */
    public MemberState memberState() {
        Running now = running.orElseThrow(() -> new IllegalStateException("the node is not started"));
        return now.membership().stateOf(now.loop().status(), now.formation().isDone());
    }

    /**
     * The member as it was after its last turn.
     *
     * @throws IllegalStateException before {@link #start}
     */
    public RaftStatus status() {
        return running.orElseThrow(() -> new IllegalStateException("the node is not started"))
                .loop()
                .status();
    }

    /** Whether the node has met a fault or was closed: it does nothing any more. */
    public boolean isStopped() {
        return mailbox.isClosed();
    }

    /** Sends bytes of the application to another member, or loses them. */
    public void sendApplication(NodeId to, Bytes payload) {
        transport.sendApplication(to, payload);
    }

    /** Sets who gets bytes of the application; called before {@link #start}. Runs on the transport's threads, and must not block. */
    public void onApplicationMessage(BiConsumer<NodeId, Bytes> receiver) {
        applicationReceiver = receiver;
    }

    /**
     * Stops the threads; what waits ends as {@link ProposalResult.Unknown} or {@link ReadResult.NotLeader}; then closes
     * transport and store. Does not hand leadership on: {@link #transferLeadership} first for that. Not to be called on a
     * thread of this node.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        mailbox.close();
        transport.close();
        running.ifPresent(RaftNode::endThreads);
        store.close();
    }

    private static void endThreads(Running running) {
        running.disk().end();
        running.snapshots().close();
        for (Thread thread : new ArrayList<>(running.threads())) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Brings what peers send to the Raft thread. Called on event loops. */
    private final class Inbound implements Transport.Receiver {
        private final Membership membership;
        private final Formation formation;

        Inbound(Membership membership, Formation formation) {
            this.membership = membership;
            this.formation = formation;
        }

        @Override
        public void onWelcome(NodeId peer) {
            formation.onWelcome(peer);
        }

        @Override
        public void onRefused(NodeId peer, Refusal refusal) {
            membership.onRefused(peer, refusal);
        }

        @Override
        public void onMessage(NodeId from, Message message) {
            if (!formation.isDone()) {
                return;
            }
            if (!mailbox.offer(new Input.FromPeer(from, message, MessageCodec.roughBytes(message)))) {
                listener.onMailboxFull("message");
            }
        }

        @Override
        public void onApplicationMessage(NodeId from, Bytes payload) {
            applicationReceiver.accept(from, payload);
        }
    }
}
