package io.mqcontroller.controller.controller.replication;

import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.ReadResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The replicated state and what is on its way into it. A leader decides on {@link #speculative}, which has the records that are
 * not committed yet; the answers to what it decided wait here until they are. What waits goes out together: one proposal for
 * the records of a turn (or of several, while {@code maxInflight} proposals are under way), one read for all answers that
 * need no record.
 *
 * <p>If a proposal is not taken, the ones after it were decided on a state that never came to be. They carry the number that
 * shows it, so they take no effect, and no new decision is made until all have settled ({@link #isBroken}).
 */
public final class DecisionLog {
    private static final String DISK_FULL =
            "the controllers' disks are full; nothing was changed, ask again when there is room";
    private static final String NOT_TAKEN = "too much is waiting to be replicated; nothing was changed, ask again";

    private final Consensus consensus;
    private final ControllerObserver observer;
    private final int maxInflight;
    private final int maxBatchRecords;

    private ReplicatedState committed = ReplicatedState.EMPTY;
    private boolean leading;
    private long term;
    private Optional<NodeId> leader = Optional.empty();
    private ClusterMetadata speculative = ClusterMetadata.EMPTY;
    private long nextSequence;
    private boolean broken;
    /** It broke because there is no room on the disks, which waiting does not change. */
    private boolean diskFull;

    /** A proposal ended with an unknown outcome: leadership is going, and what was proposed may still come. */
    private boolean ending;

    private long nextNumber = 1;
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private final Deque<Batch> inflight = new ArrayDeque<>();
    private List<Confirmation> waitingReads = new ArrayList<>();
    private final Map<Long, List<Confirmation>> reads = new LinkedHashMap<>();
    private int pendingReplies;

    /**
     * @param maxInflight so many proposals may be on their way
     * @param maxBatchRecords so many records go into one proposal, more if they are of one decision
     */
    public DecisionLog(Consensus consensus, ControllerObserver observer, int maxInflight, int maxBatchRecords) {
        this.consensus = consensus;
        this.observer = observer;
        this.maxInflight = maxInflight;
        this.maxBatchRecords = maxBatchRecords;
    }

    private static final class Batch {
        final List<MetadataRecord> records = new ArrayList<>();
        final List<PendingReply<?>> replies = new ArrayList<>();
        long number;
        long sequence;
        boolean tookEffect;
        boolean settled;
    }

    /**
     * An answer without a record of its own. It needs a read, and that {@code restsOn} took effect: what was on its way when
     * the answer was made is part of what it says, but no proof of leadership, for its commit may be old news that was
     * waiting to be read while somebody else took over.
     */
    private record Confirmation(PendingReply<?> reply, Optional<Batch> restsOn) {}

    /**
     * What a batch that took effect changed.
     *
     * @param own this leadership decided it
     * @param before the state that it changed
     * @param after and what became of it
     */
    public record Effect(
            List<MetadataRecord> records,
            boolean own,
            long index,
            long term,
            ClusterMetadata before,
            ReplicatedState after) {}

    /** What is committed and replayed. */
    public ReplicatedState committed() {
        return committed;
    }

    /** The state to decide on: of a leader, with everything that is on its way. */
    public ClusterMetadata speculative() {
        return leading ? speculative : committed.metadata();
    }

    /** Whether this member leads, and may decide. */
    public boolean isLeading() {
        return leading;
    }

    /** The term in which it leads, or led last. */
    public long term() {
        return leading ? term : 0;
    }

    /** Who leads, as far as this member knows. */
    public Optional<NodeId> leader() {
        return leading ? Optional.of(consensus.self()) : leader;
    }

    /** Whether decisions must wait because one was not taken. */
    public boolean isBroken() {
        return broken;
    }

    /** Of a full disk: decisions may be made at once, so that what needs no record is answered, and the rest refused by name. */
    public boolean mendForReads() {
        return diskFull && mend();
    }

    /** Proposals on their way. */
    public int inflightProposals() {
        return inflight.size();
    }

    /** Answers that wait for a commit or a read. */
    public int pendingReplies() {
        return pendingReplies;
    }

    /** These records are decided; {@link #speculative} has them from here on. */
    public void append(List<MetadataRecord> records) {
        Batch open = waiting.peekLast();
        if (open == null || open.records.size() + records.size() > maxBatchRecords) {
            open = new Batch();
            waiting.add(open);
        }
        open.records.addAll(records);
        speculative = speculative.replayAll(records);
    }

    /** Answers when these records are committed. */
    public <T> void append(List<MetadataRecord> records, Consumer<Reply<T>> answer, Reply<T> reply) {
        append(records);
        waiting.getLast().replies.add(new PendingReply<>(answer, reply, true));
        pendingReplies++;
    }

    /**
     * Answers when it is sure that what the answer was read from holds: with records that go out after this moment, whose
     * commit is also proof that this member leads, else after a read.
     */
    public <T> void confirm(Consumer<Reply<T>> answer, Reply<T> reply) {
        PendingReply<T> pending = new PendingReply<>(answer, reply, false);
        pendingReplies++;
        if (!waiting.isEmpty()) {
            waiting.getLast().replies.add(pending);
        } else {
            waitingReads.add(new Confirmation(pending, Optional.ofNullable(inflight.peekLast())));
        }
    }

    /** Sends out what waits, as far as it may. Called at the end of each turn. */
    public void flush() {
        while (!broken && !waiting.isEmpty() && inflight.size() < maxInflight) {
            Batch batch = waiting.poll();
            batch.number = nextNumber++;
            batch.sequence = nextSequence++;
            inflight.add(batch);
            observer.onProposed(batch.records.size(), batch.replies.size());
            consensus.propose(batch.number, RecordCodec.encode(new DecidedBatch(term, batch.sequence, batch.records)));
        }
        if (!waitingReads.isEmpty() && reads.size() < maxInflight) {
            long number = nextNumber++;
            reads.put(number, waitingReads);
            waitingReads = new ArrayList<>();
            consensus.read(number);
        }
    }

    /**
     * Takes in committed entries.
     *
     * @throws UnreadableRecordException if this member cannot follow the log any further
     */
    public List<Effect> onCommitted(List<Entry> entries) {
        List<Effect> effects = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            DecidedBatch batch = RecordCodec.decode(entry.command());
            if (!committed.accepts(entry.term(), batch)) {
                continue;
            }
            ClusterMetadata before = committed.metadata();
            committed = committed.replay(batch);
            boolean own = leading && batch.decidedTerm() == term;
            if (own) {
                markEffective(batch.sequence());
            }
            effects.add(new Effect(batch.records(), own, entry.index(), batch.decidedTerm(), before, committed));
        }
        return effects;
    }

    private void markEffective(long sequence) {
        for (Batch batch : inflight) {
            if (batch.sequence == sequence) {
                batch.tookEffect = true;
                return;
            }
        }
    }

    /** What became of a proposal; its records, if they were committed, came before. */
    public void onSettled(long number, ProposalResult result) {
        Batch batch = takeInflight(number);
        if (batch == null) {
            return; // of a leadership that is over: answered when it ended
        }
        batch.settled = true;
        pendingReplies -= batch.replies.size();
        if (result instanceof ProposalResult.Done && batch.tookEffect) {
            batch.replies.forEach(PendingReply::done);
            return;
        }
        breakOff();
        diskFull = isDiskFull(result);
        if (result instanceof ProposalResult.Unknown) {
            ending = true;
            batch.replies.forEach(reply -> reply.leadershipLost(Optional.empty()));
        } else if (result instanceof ProposalResult.NotDone notDone
                && (notDone.reason() == Rejection.NOT_LEADER || notDone.reason() == Rejection.TRANSFERRING)) {
            batch.replies.forEach(reply -> reply.notLeader(notDone.leader()));
        } else {
            String why = diskFull ? DISK_FULL : NOT_TAKEN;
            batch.replies.forEach(reply -> reply.notTaken(why));
        }
    }

    private static boolean isDiskFull(ProposalResult result) {
        return result instanceof ProposalResult.NotDone notDone && notDone.reason() == Rejection.DISK_FULL;
    }

    private Batch takeInflight(long number) {
        for (Batch batch : inflight) {
            if (batch.number == number) {
                inflight.remove(batch);
                return batch;
            }
        }
        return null;
    }

    /** What has not been proposed yet rests on what was not taken. */
    private void breakOff() {
        broken = true;
        for (Batch batch : waiting) {
            pendingReplies -= batch.replies.size();
            batch.replies.forEach(reply -> reply.notTaken(NOT_TAKEN));
        }
        waiting.clear();
    }

    /** Goes on after a break, once nothing is on its way any more: from what is committed. True if decisions may be made again. */
    public boolean mend() {
        if (!leading || !broken || ending || !inflight.isEmpty()) {
            return false;
        }
        restart();
        return true;
    }

    /** What became of a read: with it come the answers that waited for proof of leadership. */
    public void onReadSettled(long number, ReadResult result) {
        List<Confirmation> confirmations = reads.remove(number);
        if (confirmations == null) {
            return;
        }
        if (result instanceof ReadResult.NotLeader notLeader) {
            pendingReplies -= confirmations.size();
            confirmations.forEach(c -> c.reply().notLeader(notLeader.leader()));
        } else {
            confirmations.forEach(this::onLeadershipConfirmed);
        }
    }

    private void onLeadershipConfirmed(Confirmation confirmation) {
        PendingReply<?> reply = confirmation.reply();
        Optional<Batch> restsOn = confirmation.restsOn();
        if (restsOn.isPresent() && !restsOn.get().settled) {
            restsOn.get().replies.add(reply);
            return;
        }
        pendingReplies--;
        if (restsOn.isEmpty() || restsOn.get().tookEffect) {
            reply.done();
        } else {
            reply.notTaken(NOT_TAKEN);
        }
    }

    /** This member leads from now on: all before is replayed, and nothing is on its way. */
    public void onLeading(long newTerm) {
        abandon(Optional.empty());
        leading = true;
        ending = false;
        term = newTerm;
        restart();
    }

    private void restart() {
        speculative = committed.metadata();
        nextSequence = committed.nextSequence(term);
        broken = false;
    }

    /** Somebody else leads, or nobody: who waits is told so, and what was on its way may have happened. */
    public void onFollowing(Optional<NodeId> newLeader) {
        leading = false;
        leader = newLeader;
        abandon(newLeader);
    }

    /** A snapshot took the place of the state. */
    public void restore(ReplicatedState state) {
        committed = state;
        speculative = state.metadata();
    }

    private void abandon(Optional<NodeId> newLeader) {
        List<PendingReply<?>> mayHaveHappened = new ArrayList<>();
        inflight.forEach(batch -> mayHaveHappened.addAll(batch.replies));
        List<PendingReply<?>> didNot = new ArrayList<>();
        waiting.forEach(batch -> didNot.addAll(batch.replies));
        waitingReads.forEach(confirmation -> didNot.add(confirmation.reply()));
        reads.values().forEach(read -> read.forEach(confirmation -> didNot.add(confirmation.reply())));
        waiting.clear();
        inflight.clear();
        waitingReads.clear();
        reads.clear();
        pendingReplies = 0;
        speculative = committed.metadata();
        mayHaveHappened.forEach(reply -> reply.leadershipLost(newLeader));
        didNot.forEach(reply -> reply.notLeader(newLeader));
    }
}
