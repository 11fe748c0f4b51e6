package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.core.ControllerRequest;
import io.mqcontroller.agent.core.GroupView;
import io.mqcontroller.controller.controller.ControllerCore;
import io.mqcontroller.controller.controller.ControllerEvent;
import io.mqcontroller.controller.controller.ControllerSettings;
import io.mqcontroller.controller.controller.LoopService;
import io.mqcontroller.controller.controller.replication.Consensus;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.ReadResult;
import io.mqcontroller.raft.simulation.Chance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A controller: real Raft and the real loop's core, with what carries out their effects. */
final class SimController extends SimProcess
        implements Consensus, Effect.Executor, LoopService.EventQueue, RoleNotifier, ControllerObserver {

    /** Small enough that a snapshot takes several. */
    private static final int SNAPSHOT_CHUNK_BYTES = 300;

    private final NodeId id;
    private final SortedMap<NodeId, SimController> members;
    private final RaftSettings raftSettings;
    private final SimDisk disk = new SimDisk();
    private final Deque<Event> forRaft = new ArrayDeque<>();
    private final Deque<ControllerEvent> forLoop = new ArrayDeque<>();
    private final SortedMap<Long, Long> proposals = new TreeMap<>();
    private final SortedMap<Long, SimNetwork.Link> sessions = new TreeMap<>();
    private final SortedMap<Long, Agent> agents = new TreeMap<>();
    private LeaseSettings lease;
    private RaftCore raft;
    private ControllerCore loop;
    private ControllerService service;
    private long lastProposal;
    private long lastConnection;
    private boolean leadershipLost;
    private boolean working;
    private boolean raftStalled;

    /** What a broker at the other end of a connection hears. */
    interface Agent {
        /** Whether an agent speaks, and not RocketMQ's own replicas manager. */
        boolean isAgent();

        void greeted(boolean leads, String leader);

        void answered(long request, ControllerAnswer answer);

        void pushed(GroupView view);

        void lost();
    }

    SimController(
            Simulation simulation,
            NodeId id,
            SortedMap<NodeId, SimController> members,
            List<NodeId> ids,
            Chance chance) {
        super(simulation, id.value(), chance);
        this.id = id;
        this.members = members;
        long electionTimeoutMs = simulation.plan().electionTimeoutMs();
        RaftSettings sound = RaftSettings.defaults(id, ids, electionTimeoutMs);
        raftSettings = sound.withPace(electionTimeoutMs / 6, electionTimeoutMs / 12)
                .withSnapshots(
                        simulation.plan().snapshotEntries(),
                        Long.MAX_VALUE,
                        simulation.plan().snapshotEntries() / 4,
                        SNAPSHOT_CHUNK_BYTES);
    }

    // ---- life

    @Override
    void begin() {
        lease = simulation.plan().leasesDiffer()
                ? new LeaseSettings(chance.oneOf(1_000L, 2_000L, 5_000L))
                : LeaseSettings.DEFAULT;
        raft = new RaftCore(raftSettings, disk.recover(), chance.forCore());
        loop = new ControllerCore(
                simulation.mutant().controllerSettings(ControllerSettings.DEFAULT.withLease(lease)),
                this,
                simulation.mutant().electsFromOutside() || simulation.plan().unclean()
                        ? new UncleanPolicy()
                        : new InSyncFirstPolicy(),
                this,
                this);
        service = new LoopService(this);
        tick();
    }

    @Override
    void end() {
        disk.crash();
        forRaft.clear();
        forLoop.clear();
        proposals.clear();
        sessions.clear();
        agents.clear();
        working = false;
        raftStalled = false;
        leadershipLost = false;
    }

    /** Raft's thread is held up for a while, and the loop's is not. */
    void stallRaft(long forUs) {
        raftStalled = true;
        after(forUs, () -> {
            raftStalled = false;
            work();
        });
    }

    private void tick() {
        if (!raftStalled) {
            forRaft.add(new Event.Tick());
        }
        work();
        after(raftSettings.tickMs() * 1_000, this::tick);
    }

    /** Lets both cores take in what waits for them, in turn, until nothing does. */
    private void work() {
        if (working) {
            return;
        }
        working = true;
        do {
            if (!forRaft.isEmpty() && !raftStalled) {
                List<Event> events = new ArrayList<>(forRaft);
                forRaft.clear();
                simulation.countStep();
                raft.step(nowMs(), events).forEach(effect -> effect.executeWith(this));
                settle();
            }
            turn();
        } while (!forRaft.isEmpty() && !raftStalled || !forLoop.isEmpty());
        working = false;
    }

    /** What was committed is taken in entry by entry, so that the rules see each state. */
    private void turn() {
        List<ControllerEvent> events = new ArrayList<>();
        while (!forLoop.isEmpty()) {
            ControllerEvent next = forLoop.remove();
            events.add(next);
            if (next instanceof ControllerEvent.Committed || next instanceof ControllerEvent.Restore) {
                break;
            }
        }
        boolean restores = events.stream().anyMatch(ControllerEvent.Restore.class::isInstance);
        ReplicatedState before = loop.state();
        simulation.countStep();
        loop.turn(nowMs(), events);
        simulation.mutant().afterTurn(loop, events);
        if (loop.state() != before) {
            // From one state to the next of a snapshot there is more than one step.
            simulation
                    .invariants()
                    .onReplayed(
                            name,
                            life(),
                            restores ? ClusterMetadata.EMPTY : before.metadata(),
                            loop.state().metadata());
        }
    }

    private void settle() {
        if (leadershipLost) {
            leadershipLost = false;
            proposals
                    .values()
                    .forEach(number ->
                            forLoop.add(new ControllerEvent.ProposalSettled(number, new ProposalResult.Unknown())));
            proposals.clear();
        }
    }

    // ---- the loop's way to Raft

    @Override
    public NodeId self() {
        return id;
    }

    @Override
    public void propose(long proposal, Bytes command) {
        ProposalId proposalId = new ProposalId(life() * 1_000L + 1 + id.hashCode() % 7, ++lastProposal);
        proposals.put(proposalId.sequence(), proposal);
        forRaft.add(new Event.Proposed(proposalId, command));
    }

    @Override
    public void read(long read) {
        if (simulation.mutant().provesNothing()) {
            forLoop.add(new ControllerEvent.ReadSettled(read, new ReadResult.Ready(0)));
        } else {
            forRaft.add(new Event.ReadRequested(read));
        }
    }

    @Override
    public boolean allKnow(String capability) {
        return true;
    }

    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        SimController target = members.get(to);
        simulation.network().send(this, target, () -> {
            target.forLoop.add(new ControllerEvent.Relayed(id, payload));
            target.work();
        });
    }

    // ---- Raft's effects

    @Override
    public void persist(Effect.Persist effect) {
        disk.write(effect);
        syncLater();
    }

    private void syncLater() {
        after(chance.between(100, 5_000), () -> {
            forRaft.add(disk.sync());
            work();
        });
    }

    @Override
    public void send(Effect.Send effect) {
        SimController target = members.get(effect.to());
        simulation.network().send(this, target, () -> {
            target.forRaft.add(new Event.Received(id, effect.message()));
            target.work();
        });
    }

    @Override
    public void apply(Effect.Apply effect) {
        for (Entry entry : effect.entries()) {
            if (entry.kind() == EntryKind.COMMAND && !effect.duplicates().contains(entry.index())) {
                forLoop.add(new ControllerEvent.Committed(List.of(entry)));
            }
            if (entry.proposal().clientId() == clientId()) {
                Long number = proposals.remove(entry.proposal().sequence());
                if (number != null) {
                    forLoop.add(new ControllerEvent.ProposalSettled(number, new ProposalResult.Done(entry.position())));
                }
            }
        }
    }

    private long clientId() {
        return life() * 1_000L + 1 + id.hashCode() % 7;
    }

    @Override
    public void rejectProposal(Effect.ProposalRejected effect) {
        Long number = proposals.remove(effect.id().sequence());
        if (number != null) {
            forLoop.add(new ControllerEvent.ProposalSettled(
                    number, new ProposalResult.NotDone(effect.rejection(), effect.leader())));
        }
    }

    @Override
    public void completeRead(Effect.ReadReady effect) {
        forLoop.add(new ControllerEvent.ReadSettled(effect.readId(), new ReadResult.Ready(effect.readIndex())));
    }

    @Override
    public void rejectRead(Effect.ReadRejected effect) {
        forLoop.add(new ControllerEvent.ReadSettled(effect.readId(), new ReadResult.NotLeader(effect.leader())));
    }

    @Override
    public void roleChanged(Effect.RoleChanged effect) {
        if (effect.role() != RoleName.LEADER) {
            leadershipLost = true;
            forLoop.add(new ControllerEvent.Following(effect.term(), effect.leader()));
        }
    }

    @Override
    public void leaderReady(Effect.LeaderReady effect) {
        simulation.note(name, "leads term " + effect.term());
        simulation.count(Counter.LEADERS);
        forLoop.add(new ControllerEvent.Leading(effect.term()));
    }

    @Override
    public void configurationChanged(Effect.ConfigurationChanged effect) {
        // The same members from first to last.
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged effect) {
        throw new AssertionError("nobody asked for other members");
    }

    @Override
    public void rejectMembershipChange(Effect.MembershipChangeRejected effect) {
        throw new AssertionError("nobody asked for other members");
    }

    @Override
    public void takeSnapshot(Effect.TakeSnapshot effect) {
        simulation.count(Counter.SNAPSHOTS_TAKEN);
        forLoop.add(new ControllerEvent.Capture(state -> {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            try {
                state.writeTo(content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            disk.writeSnapshot(effect, content.toByteArray());
            syncLater();
        }));
    }

    @Override
    public void compactLog(Effect.CompactLog effect) {
        disk.compactThrough(effect.throughIndex());
    }

    @Override
    public void readSnapshotChunk(Effect.ReadSnapshotChunk effect) {
        after(chance.between(100, 1_000), () -> {
            forRaft.add(disk.readChunk(effect));
            work();
        });
    }

    @Override
    public void writeSnapshotChunk(Effect.WriteSnapshotChunk effect) {
        disk.writeChunk(effect);
        syncLater();
    }

    @Override
    public void restoreStateMachine(Effect.RestoreStateMachine effect) {
        simulation.count(Counter.SNAPSHOTS_RESTORED);
        byte[] state = disk.stateOf(effect.snapshot());
        forLoop.add(new ControllerEvent.Restore(new ByteArrayInputStream(state), error -> {
            if (error != null) {
                throw new AssertionError(name + " can't read its own snapshot", error);
            }
        }));
    }

    // ---- agents

    /** A connection of an agent, which has said hello. */
    void accept(SimNetwork.Link link, Agent agent) {
        long number = ++lastConnection;
        sessions.put(number, link);
        agents.put(number, agent);
        link.onOtherLost(() -> closed(number));
        boolean leads = raft.status().role() == RoleName.LEADER && raft.status().ready();
        String leader = raft.status().leader().map(NodeId::value).orElse("");
        link.send(this, () -> agent.greeted(leads, leader));
    }

    private void closed(long number) {
        sessions.remove(number);
        agents.remove(number);
        service.connectionClosed(new ConnectionId(number));
    }

    /** A request over this connection. */
    void request(SimNetwork.Link link, Agent agent, GroupKey group, long request, ControllerRequest content) {
        long number = 0;
        for (long session : sessions.keySet()) {
            if (sessions.get(session) == link) {
                number = session;
            }
        }
        if (number == 0) {
            return;
        }
        Consumer<ControllerAnswer> answer = value -> link.send(this, () -> agent.answered(request, value));
        new RequestTranslation(service, group, new ConnectionId(number), agent.isAgent(), simulation.mutant())
                .serve(content, answer);
    }

    /** An operator designates the master of a group. */
    void designate(GroupKey group, long brokerId) {
        GroupRef ref = new GroupRef(Optional.of(group.cluster()), group.brokerName(), new ConnectionId(0));
        service.electMaster(new ControllerService.ElectMaster(ref, Optional.of(new BrokerId(brokerId)), true));
    }

    /** An operator wants a planned switch-over. */
    void switchOver(GroupKey group, long brokerId, long limitMs, long maxLag) {
        GroupRef ref = new GroupRef(Optional.of(group.cluster()), group.brokerName(), new ConnectionId(0));
        service.switchOver(new ControllerService.SwitchOver(ref, new BrokerId(brokerId), limitMs, maxLag, false))
                .whenComplete((reply, failed) -> {
                    simulation.note(name, "switch-over of " + group + " to " + brokerId + ": " + reply);
                    if (reply instanceof Reply.Done<ControllerService.Elected> done
                            && done.value().changed()) {
                        simulation.count(Counter.SWITCHED_OVER);
                    } else if (reply instanceof Reply.Refused<?>) {
                        simulation.count(Counter.SWITCH_OVERS_GIVEN_UP);
                    }
                });
    }

    @Override
    public boolean offer(ControllerEvent event, String what) {
        put(event);
        return true;
    }

    @Override
    public void put(ControllerEvent event) {
        forLoop.add(event);
        work();
    }

    @Override
    public void notifyAgent(ConnectionId connection, RoleView view) {
        SimNetwork.Link link = sessions.get(connection.value());
        Agent agent = agents.get(connection.value());
        if (link != null) {
            GroupView told = RequestTranslation.view(view);
            link.send(this, () -> agent.pushed(told));
        }
    }

    @Override
    public void notifyLeader(NodeId leader) {
        for (long number : List.copyOf(sessions.keySet())) {
            Agent agent = agents.get(number);
            if (agent.isAgent()) {
                sessions.get(number).send(this, () -> agent.greeted(leader.equals(id), leader.value()));
            }
        }
    }

    @Override
    public void notifyRole(String address, BrokerGroup group) {
        GroupView told = RequestTranslation.view(group);
        SimBroker broker = simulation.broker(address);
        simulation.network().send(this, broker, () -> {
            if (broker.control() instanceof RocketMqControl control) {
                control.told(told);
            }
        });
    }

    @Override
    public void onElection(GroupKey group, ElectionReason reason, Optional<BrokerId> master, boolean unclean) {
        simulation.invariants().onElected(group, reason);
        simulation.count(Counter.ELECTIONS);
        if (unclean) {
            simulation.count(Counter.ELECTIONS_UNCLEAN);
        }
        if (reason == ElectionReason.MASTER_UNFIT) {
            simulation.count(Counter.UNFIT_REPLACED);
        }
        simulation.note(name, "elected " + master + " in " + group + ": " + reason);
    }

    @Override
    public void onElectionHeldUp(GroupKey group, long ms) {
        simulation.count(Counter.ELECTIONS_HELD_UP);
        simulation.note(name, "holds up the election in " + group + " for " + ms + " ms");
    }

    @Override
    public void onTaskFailed(String task, Throwable error) {
        throw new AssertionError(name + " failed in " + task, error);
    }

    /** The groups as this controller has them, committed. */
    Optional<BrokerGroup> group(GroupKey key) {
        return loop.state().metadata().group(key);
    }

    boolean isReadyLeader() {
        return isRunning()
                && !isPaused()
                && raft.status().role() == RoleName.LEADER
                && raft.status().ready();
    }
}
