package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.Consensus;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.ReadResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Raft as a controller sees it, with its log in memory; commits, stalls and refuses as the test says. */
final class FakeConsensus implements Consensus {
    private final NodeId self;
    final List<Entry> log = new ArrayList<>();
    final Deque<Proposal> proposals = new ArrayDeque<>();
    final Deque<Long> reads = new ArrayDeque<>();
    final List<Sent> sent = new ArrayList<>();
    int proposalCount;
    int readCount;
    long term = 1;
    boolean allKnow = true;

    record Proposal(long number, Bytes command) {}

    record Sent(NodeId to, Bytes payload) {}

    FakeConsensus(NodeId self) {
        this.self = self;
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void propose(long proposal, Bytes command) {
        proposalCount++;
        proposals.add(new Proposal(proposal, command));
    }

    @Override
    public void read(long read) {
        readCount++;
        reads.add(read);
    }

    @Override
    public boolean allKnow(String capability) {
        return allKnow;
    }

    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        sent.add(new Sent(to, payload));
    }

    /** The oldest proposal is committed: what the controller hears of it. */
    List<ControllerEvent> commitNext() {
        Proposal proposal = proposals.poll();
        Entry entry = append(proposal.command());
        return List.of(
                new ControllerEvent.Committed(List.of(entry)),
                new ControllerEvent.ProposalSettled(proposal.number(), new ProposalResult.Done(entry.position())));
    }

    /** It is committed, but nobody hears how the proposal ended. */
    ControllerEvent.Committed commitNextSilently() {
        return new ControllerEvent.Committed(List.of(append(proposals.poll().command())));
    }

    ControllerEvent rejectNext(Rejection rejection) {
        return new ControllerEvent.ProposalSettled(
                proposals.poll().number(), new ProposalResult.NotDone(rejection, Optional.empty()));
    }

    ControllerEvent readNext(ReadResult result) {
        return new ControllerEvent.ReadSettled(reads.poll(), result);
    }

    Entry append(Bytes command) {
        long chain = log.isEmpty() ? Entry.CHAIN_START : log.get(log.size() - 1).chain();
        Entry entry = Entry.create(
                chain, new LogPosition(term, log.size() + 1L), EntryKind.COMMAND, ProposalId.NONE, command);
        log.add(entry);
        return entry;
    }
}
