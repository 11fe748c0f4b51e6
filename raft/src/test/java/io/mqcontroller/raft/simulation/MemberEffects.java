package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.RoleName;

/** Carries out what a member's core wants done: on its disk, its state machine and the network, and towards clients. */
final class MemberEffects implements Effect.Executor {
    private final SimNode node;
    private final Simulation simulation;
    private final SimDisk disk;
    private final PendingRequests requests;
    private SimStateMachine state;
    private int candidacies;
    private long configurationIndex;

    MemberEffects(SimNode node, Simulation simulation, SimDisk disk, PendingRequests requests) {
        this.node = node;
        this.simulation = simulation;
        this.disk = disk;
        this.requests = requests;
    }

    /** A process begins, with an empty state. */
    void begin() {
        configurationIndex = 0;
        state = new SimStateMachine(simulation.plan().load().keys());
    }

    SimStateMachine state() {
        return state;
    }

    int candidacies() {
        return candidacies;
    }

    @Override
    public void persist(Effect.Persist effect) {
        disk.persist(effect);
    }

    @Override
    public void send(Effect.Send effect) {
        if (effect.message() instanceof Message.TimeoutNow
                && node.status().health().impaired()
                && disk.isSlow()
                && node.status().configuration().voters().contains(node.id())) {
            simulation.handovers().onOffered(node, effect.to());
        }
        simulation.send(node, effect.to(), effect.message());
    }

    @Override
    public void apply(Effect.Apply effect) {
        for (Entry entry : effect.entries()) {
            boolean duplicate = effect.duplicates().contains(entry.index());
            state.apply(entry, duplicate);
            simulation.majorities().onApplied(entry);
            simulation.invariants().onApplied(node, entry, duplicate);
            simulation.count(duplicate ? Counter.DUPLICATES_SKIPPED : Counter.ENTRIES_APPLIED);
            requests.onApplied(entry);
        }
    }

    @Override
    public void rejectProposal(Effect.ProposalRejected effect) {
        requests.reject(effect);
    }

    @Override
    public void completeRead(Effect.ReadReady effect) {
        requests.complete(effect, state);
    }

    @Override
    public void rejectRead(Effect.ReadRejected effect) {
        requests.reject(effect);
    }

    @Override
    public void takeSnapshot(Effect.TakeSnapshot effect) {
        if (effect.position().index() != state.appliedIndex()) {
            throw new AssertionError(
                    "snapshot of " + effect.position() + " is asked for with " + state.appliedIndex() + " applied");
        }
        disk.takeSnapshot(effect, state.capture());
        simulation.count(Counter.SNAPSHOTS_TAKEN);
    }

    @Override
    public void compactLog(Effect.CompactLog effect) {
        disk.compactThrough(effect.throughIndex());
    }

    @Override
    public void readSnapshotChunk(Effect.ReadSnapshotChunk effect) {
        disk.readChunk(effect);
    }

    @Override
    public void writeSnapshotChunk(Effect.WriteSnapshotChunk effect) {
        disk.writeChunk(effect);
    }

    @Override
    public void restoreStateMachine(Effect.RestoreStateMachine effect) {
        if (!disk.canRestore()) {
            simulation.count(Counter.DISK_FAILURES);
            throw new MemberLoop.Crashed();
        }
        state.restore(simulation.interference().onRestore(node, disk.stateOf(effect.snapshot())));
        simulation.count(Counter.SNAPSHOTS_RESTORED);
    }

    @Override
    public void roleChanged(Effect.RoleChanged effect) {
        if (effect.role() == RoleName.LEADER) {
            simulation.onNewLeader(node);
        } else {
            requests.forgetProposals();
            candidacies += effect.role() == RoleName.CANDIDATE ? 1 : 0;
        }
    }

    @Override
    public void leaderReady(Effect.LeaderReady effect) {
        if (node.status().role() != RoleName.LEADER || node.status().term() != effect.term()) {
            throw new AssertionError("ready to lead term " + effect.term() + " as " + node.status());
        }
    }

    @Override
    public void configurationChanged(Effect.ConfigurationChanged effect) {
        if (effect.index() < configurationIndex) {
            simulation.count(Counter.CONFIGURATIONS_TAKEN_BACK);
        }
        configurationIndex = effect.index();
        if (node.status().role() == RoleName.LEADER && effect.configuration().isJoint()) {
            simulation.onVotersChange(node, effect.configuration());
        }
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged effect) {
        simulation.count(Counter.MEMBERSHIP_CHANGES_DONE);
    }

    @Override
    public void rejectMembershipChange(Effect.MembershipChangeRejected effect) {
        simulation.membership().onRejected(effect);
    }
}
