package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.transport.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft thread: takes in all that waits, lets the core step once over it, and carries out the effects in their order. The
 * more waits the larger the batch, so a busy node does less for each proposal.
 */
final class RaftLoop implements Runnable, Effect.Executor {
    private static final Logger LOG = LoggerFactory.getLogger(RaftLoop.class);

    private final RaftNodeConfig config;
    private final RaftCore core;
    private final Mailbox mailbox;
    private final LogStore store;
    private final DiskWriter disk;
    private final SnapshotWorker snapshots;
    private final Transport transport;
    private final StateMachine machine;
    private final RaftListener listener;
    private final Fault fault;

    private final PendingProposals proposals;
    private final PendingTransfers transfers = new PendingTransfers();
    private final HealthLog healthLog = new HealthLog();
    private final PendingReads reads;
    private final Membership membership;
    private final long startNanos = System.nanoTime();
    private long nextTickMs;
    private long lastSequence;
    private final RoleLog roleLog = new RoleLog();
    private boolean leadershipLost;
    private volatile RaftStatus status;

    RaftLoop(
            RaftNodeConfig config,
            RaftCore core,
            Mailbox mailbox,
            LogStore store,
            DiskWriter disk,
            SnapshotWorker snapshots,
            Transport transport,
            StateMachine machine,
            RaftListener listener,
            Membership membership,
            Fault fault) {
        this.config = config;
        this.membership = membership;
        this.core = core;
        this.mailbox = mailbox;
        this.store = store;
        this.disk = disk;
        this.snapshots = snapshots;
        this.transport = transport;
        this.machine = machine;
        this.listener = listener;
        this.fault = fault;
        this.proposals = new PendingProposals(listener);
        this.reads = new PendingReads(config.maxWaiting(), listener);
        this.status = core.status();
    }

    RaftStatus status() {
        return status;
    }

    @Override
    public void run() {
        try {
            while (!mailbox.isClosed()) {
                mailbox.await(TimeUnit.MILLISECONDS.toNanos(nextTickMs - nowMs()));
                turn();
            }
        } catch (RuntimeException | Error failed) {
            fault.fatal("the Raft thread failed", failed);
        }
        endWhatWaits();
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    private void turn() {
        List<Input> inputs = new ArrayList<>();
        mailbox.drainTo(inputs, config.maxBatch());
        List<Event> events = new ArrayList<>(inputs.size() + 1);
        inputs.forEach(input -> takeIn(input, events));
        reads.ask().ifPresent(id -> events.add(new Event.ReadRequested(id)));
        long nowMs = nowMs();
        if (nowMs >= nextTickMs) {
            if (membership.mayCampaign(status)) {
                events.add(new Event.Tick());
            }
            nextTickMs = nowMs + config.settings().tickMs();
        }
        if (events.isEmpty()) {
            return;
        }
        for (Effect effect : core.step(nowMs, events)) {
            effect.executeWith(this);
        }
        status = core.status();
        healthLog.onTurn(status, nowMs);
        settle(nowMs);
        listener.onTurn(events.size());
    }

    private void takeIn(Input input, List<Event> events) {
        if (input instanceof Input.Happened happened) {
            events.add(happened.event());
        } else if (input instanceof Input.FromPeer message) {
            if (!(message.message() instanceof Message.AppendEntries append
                    && !append.entries().isEmpty()
                    && machine.isBehind())) {
                events.add(new Event.Received(message.from(), message.message()));
            }
        } else if (input instanceof Input.Proposal proposal) {
            takeInProposal(proposal, events);
        } else if (input instanceof Input.Read read) {
            reads.add(read.callback());
        } else if (input instanceof Input.Transfer transfer) {
            takeInTransfer(transfer, events);
        } else if (input instanceof Input.Change change) {
            events.add(new Event.ChangeMembership(membership.add(change.done()), change.change()));
        } else {
            throw new AssertionError("unhandled " + input);
        }
    }

    private void takeInProposal(Input.Proposal proposal, List<Event> events) {
        if (machine.isBehind()) {
            ProposalResult refused = new ProposalResult.NotDone(Rejection.OVERLOADED, Optional.empty());
            proposal.callback().accept(refused);
            listener.onNotCommitted(refused);
            return;
        }
        ProposalId id = proposal.id().orElseGet(() -> new ProposalId(config.clientId(), ++lastSequence));
        if (proposals.add(id, proposal.callback(), proposal.sinceNanos())) {
            events.add(new Event.Proposed(id, proposal.command()));
        }
    }

    private void takeInTransfer(Input.Transfer transfer, List<Event> events) {
        if (status.role() != RoleName.LEADER) {
            transfer.done().complete(false);
            return;
        }
        transfers.add(transfer.done(), nowMs() + 2 * config.settings().electionTimeoutMs());
        events.add(new Event.TransferLeadership(transfer.target()));
    }

    /** After all effects, so that what was refused by name in this turn is not answered as unknown. */
    private void settle(long nowMs) {
        if (leadershipLost) {
            leadershipLost = false;
            proposals.endAllAsUnknown();
            membership.endAllAsUnknown();
        }
        transfers.settle(status, nowMs);
        membership.settle(status, nowMs);
    }

    private void endWhatWaits() {
        List<Input> left = new ArrayList<>();
        mailbox.drainTo(left, Integer.MAX_VALUE);
        proposals.endAllAsUnknown();
        reads.endAll();
        transfers.endAll();
        membership.endAllAsUnknown();
        for (Input input : left) {
            if (input instanceof Input.Proposal proposal) {
                proposal.callback().accept(new ProposalResult.Unknown());
            } else if (input instanceof Input.Read read) {
                read.callback().accept(new ReadResult.NotLeader(Optional.empty()));
            } else if (input instanceof Input.Transfer transfer) {
                transfer.done().complete(false);
            } else if (input instanceof Input.Change change) {
                change.done().complete(new MembershipResult.Unknown());
            }
        }
    }

    @Override
    public void persist(Effect.Persist effect) {
        disk.persist(effect);
    }

    @Override
    public void send(Effect.Send effect) {
        transport.send(effect.to(), effect.message());
    }

    @Override
    public void apply(Effect.Apply effect) {
        // Mostly there are none; when a client repeats all it sent there may be thousands.
        Set<Long> duplicates = effect.duplicates().isEmpty() ? Set.of() : new HashSet<>(effect.duplicates());
        List<Entry> commands = new ArrayList<>(effect.entries().size());
        for (Entry entry : effect.entries()) {
            if (entry.kind() == EntryKind.COMMAND && !duplicates.contains(entry.index())) {
                commands.add(entry);
            }
        }
        if (!commands.isEmpty()) {
            machine.apply(commands);
        }
        effect.entries().forEach(proposals::complete);
    }

    @Override
    public void rejectProposal(Effect.ProposalRejected effect) {
        proposals.reject(effect.id(), new ProposalResult.NotDone(effect.rejection(), effect.leader()));
    }

    @Override
    public void completeRead(Effect.ReadReady effect) {
        reads.end(effect.readId(), new ReadResult.Ready(effect.readIndex()));
    }

    @Override
    public void rejectRead(Effect.ReadRejected effect) {
        reads.end(effect.readId(), new ReadResult.NotLeader(effect.leader()));
    }

    @Override
    public void takeSnapshot(Effect.TakeSnapshot effect) {
        machine.capture().whenComplete((captured, failed) -> {
            if (failed == null) {
                snapshots.write(effect, captured);
            } else {
                LOG.warn("event=snapshot_not_captured last={} cause=\"{}\"", effect.position(), failed.toString());
                snapshots.report(new Event.SnapshotFailed(effect.position()));
            }
        });
    }

    @Override
    public void compactLog(Effect.CompactLog effect) {
        disk.compactThrough(effect.throughIndex());
    }

    @Override
    public void readSnapshotChunk(Effect.ReadSnapshotChunk effect) {
        snapshots.readChunk(effect);
    }

    @Override
    public void writeSnapshotChunk(Effect.WriteSnapshotChunk effect) {
        disk.storeSnapshotChunk(effect);
    }

    @Override
    public void restoreStateMachine(Effect.RestoreStateMachine effect) {
        LOG.info(
                "event=state_restored last={} bytes={}",
                effect.snapshot().last(),
                effect.snapshot().sizeBytes());
        try {
            InputStream content = store.openSnapshot(effect.snapshot());
            machine.restore(effect.snapshot().last(), content).whenComplete((done, failed) -> {
                close(content);
                if (failed != null) {
                    fault.fatal("the state could not be restored from the snapshot", failed);
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "the snapshot at " + effect.snapshot().last() + " could not be read", unreadable);
        }
    }

    private static void close(InputStream content) {
        try {
            content.close();
        } catch (IOException failed) {
            LOG.warn("event=snapshot_not_closed cause=\"{}\"", failed.toString());
        }
    }

    @Override
    public void roleChanged(Effect.RoleChanged effect) {
        roleLog.lineFor(effect).ifPresent(LOG::info);
        if (effect.role() != RoleName.LEADER) {
            leadershipLost = true;
            machine.onFollowing(effect.term(), effect.leader());
        }
        listener.onRoleChanged(effect.role(), effect.term(), effect.leader());
    }

    @Override
    public void leaderReady(Effect.LeaderReady effect) {
        machine.onLeading(effect.term());
    }

    @Override
    public void configurationChanged(Effect.ConfigurationChanged effect) {
        membership.onConfigurationChanged(effect);
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged effect) {
        membership.onChanged(effect);
    }

    @Override
    public void rejectMembershipChange(Effect.MembershipChangeRejected effect) {
        membership.onRejected(effect);
    }
}
