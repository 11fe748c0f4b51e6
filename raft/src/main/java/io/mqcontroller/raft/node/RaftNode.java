package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.transport.Transport;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A running member. All methods may be called from any thread, and none of them blocks, except for {@link #start} and
 * {@link #close}.
 *
 * <p>Callbacks of {@link #propose} and {@link #read} run on the Raft thread, each exactly once, after {@link
 * StateMachine#apply} of what they stand for; they must return at once. If the mailbox is full or the node is stopped they
 * run on the caller's thread before the method returns.
 */
public final class RaftNode implements AutoCloseable {
    private final RaftNodeConfig config;

    /**
     * @param store this node's from here on: it is closed by {@link #close}
     * @param transport this node's from here on, likewise
     */
    public RaftNode(
            RaftNodeConfig config,
            LogStore store,
            Transport transport,
            StateMachine machine,
            RaftListener listener,
            FaultHandler faults) {
        this.config = config;
    }

    /**
     * Reads the store back, and starts the threads.
     *
     * @throws io.mqcontroller.raft.log.DamagedStoreException if the store does not hold what was written
     */
    public void start() throws IOException {
        throw new AssertionError("start of " + config);
    }

    /** Proposes a command under a fresh id of this process. */
    public void propose(Bytes command, Consumer<ProposalResult> callback) {
        throw new AssertionError("propose");
    }

    /**
     * Proposes a command under an id that the caller chose: proposed again, it takes effect once. While it still waits here
     * under the same id, both callers share one outcome.
     */
    public void propose(ProposalId id, Bytes command, Consumer<ProposalResult> callback) {
        throw new AssertionError("propose");
    }

    /** Asks for a moment at which reading the state machine is linearizable (§8, ReadIndex). */
    public void read(Consumer<ReadResult> callback) {
        throw new AssertionError("read");
    }

    /**
     * Hands leadership to {@code target}, or to the most up-to-date follower.
     *
     * @return true when another member is known to lead; false if this one did not lead, or still leads after the time for
     *     an election
     */
    public CompletableFuture<Boolean> transferLeadership(Optional<NodeId> target) {
        throw new AssertionError("transferLeadership");
    }

    /** The member as it was after its last turn. */
    public RaftStatus status() {
        throw new AssertionError("status");
    }

    /** Sends bytes of the application to another member, or loses them. */
    public void sendApplication(NodeId to, Bytes payload) {
        throw new AssertionError("sendApplication");
    }

    /** Sets who gets bytes of the application; called before {@link #start}. Runs on the transport's threads, and must not block. */
    public void onApplicationMessage(BiConsumer<NodeId, Bytes> receiver) {
        throw new AssertionError("onApplicationMessage");
    }

    /**
     * Stops the threads; what waits ends as {@link ProposalResult.Unknown} or {@link ReadResult.NotLeader}; then closes
     * transport and store. Does not hand leadership on: {@link #transferLeadership} first for that.
     */
    @Override
    public void close() {
        throw new AssertionError("close");
    }
}
