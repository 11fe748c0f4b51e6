package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.simulation.invariant.Member;
import io.mqcontroller.raft.simulation.invariant.StoreView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A member: the real core, a mailbox in front of it, and everything that carries out its effects. May crash between any two. */
final class SimNode implements Member, Effect.Executor, SimDisk.Owner {
    static final int NEVER = Integer.MAX_VALUE;

    private final int number;
    private final Simulation simulation;
    private final RaftSettings settings;
    private final FaultPlan plan;
    private final Chance chance;
    private final MemberClock clock;
    private final SimDisk disk;
    private final Deque<Event> mailbox = new ArrayDeque<>();
    private final Map<ProposalId, List<SimClient.Answer>> proposals = new HashMap<>();
    private final Map<Long, PendingRead> reads = new HashMap<>();
    private final Set<Long> readsOfThisStep = new HashSet<>();

    private RaftCore core;
    private RaftStatus status;
    private SimStateMachine state;
    private int life;
    private boolean running;
    private boolean paused;
    private int pauses;
    private int candidacies;
    /** By its own clock. */
    private long pausedAtUs;

    private boolean wakeUpDue;
    private boolean tickWaiting;
    private int effectsUntilCrash = NEVER;
    private int stores = 1;
    private int disksLost;
    private boolean switchedOff;
    private final StoreNumbers storeNumbers;
    private long configurationIndex;

    private record PendingRead(int key, SimClient.Answer answer) {}

    /** Unwinds the carrying out of effects when the member crashes in the middle. */
    private static final class Crashed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crashed() {
            super(null, null, false, false);
        }
    }

    SimNode(int number, Simulation simulation, RaftSettings settings, Chance chance) {
        this.number = number;
        this.simulation = simulation;
        this.settings = settings;
        this.plan = simulation.plan();
        this.chance = chance;
        long driftPpm = plan.tuning().clockDriftPpm();
        long drawnPpm = simulation.leases().driftPpm(chance.between(-driftPpm, driftPpm));
        this.clock =
                new MemberClock(simulation.time(), simulation.interference().driftPpm(drawnPpm));
        this.disk = new SimDisk(simulation.time(), chance.split(), plan.disk(), simulation.interference(), this);
        this.storeNumbers = new StoreNumbers(this, simulation, new Chance(Trace.mix(simulation.seed(), number)));
    }

    // ---- life and death

    /** Nothing happens if it was switched off for good. */
    void start() {
        if (switchedOff) {
            return;
        }
        life++;
        paused = false;
        configurationIndex = 0;
        clock.restart(chance.between(0, 1_000_000_000_000L));
        state = new SimStateMachine(plan.load().keys());
        RecoveredState recovered = simulation.interference().onRecovery(openStore());
        running = true;
        RecoveredState ofStore = withIncarnation(recovered);
        core = new RaftCore(settings, ofStore, chance.forCore());
        status = core.status();
        simulation.note(id().value(), "starts as " + status);
        simulation.invariants().onStart(this);
        storeNumbers.onStart(settings, ofStore);
        tickLater(0);
    }

    /** A damaged store is kept aside, and the member begins anew with an empty one that says so. */
    private RecoveredState openStore() {
        boolean wasDamaged = disk.isDamaged();
        try {
            return disk.recover();
        } catch (DamagedStore damaged) {
            if (!wasDamaged) {
                throw new AssertionError(
                        id() + " does not open its store after a crash alone: " + damaged.getMessage());
            }
            simulation.note(id().value(), "begins anew, for " + damaged.getMessage());
            simulation.count(Counter.STORES_LOST);
            stores++;
            storeNumbers.onReplaced();
            return disk.beginAnew(chance.between(1, 1L << 60));
        }
    }

    private RecoveredState withIncarnation(RecoveredState kept) {
        return new RecoveredState(kept.hardState(), kept.snapshot(), kept.sessions(), kept.entries(), incarnation());
    }

    /** Of its present store; one that was made to join has another one than the one before it. */
    long incarnation() {
        long first = simulation.membership().incarnationOf(number);
        return first == RecoveredState.BOOTSTRAPPED ? first : first + 1_000L * disksLost;
    }

    /** With all that was on it. It comes back with an empty one, and knows nothing of that. */
    void loseDisk() {
        if (running) {
            crash();
        }
        disk.lose();
        disksLost++;
        stores++;
        storeNumbers.onLost();
        simulation.note(id().value(), "has lost its disk");
    }

    /** For good. */
    void switchOff() {
        if (running) {
            crash();
        }
        switchedOff = true;
    }

    boolean isSwitchedOff() {
        return switchedOff;
    }

    /** The member crashes after this many more effects. */
    void crashAfterEffects(int effects) {
        effectsUntilCrash = effects;
    }

    void crash() {
        simulation.note(id().value(), "crashes");
        running = false;
        effectsUntilCrash = NEVER;
        mailbox.clear();
        tickWaiting = false;
        proposals.clear();
        reads.clear();
        disk.crash();
        simulation.onCrashed(this);
    }

    @Override
    public void report(Event event) {
        deliver(event);
    }

    @Override
    public void onDiskFailed(String why) {
        simulation.note(id().value(), why);
        simulation.count(Counter.DISK_FAILURES);
        crash();
    }

    void pause() {
        if (running && !paused) {
            paused = true;
            pauses++;
            pausedAtUs = clock.nowUs();
        }
    }

    void resume(boolean clockStoodStill) {
        if (running && paused) {
            paused = false;
            if (clockStoodStill) {
                clock.goOnFrom(pausedAtUs);
            }
            wakeUpLater();
        }
    }

    // ---- what reaches it

    /** For the core, when its turn comes; nothing reaches a member that is down. */
    void deliver(Event event) {
        if (running && storeNumbers.mayTakePart()) {
            mailbox.add(event);
            wakeUpLater();
        }
    }

    void propose(ProposalId id, Bytes command, SimClient.Answer answer) {
        if (takesNoPart()) {
            answer.refused(Optional.empty());
        } else if (running) {
            proposals.computeIfAbsent(id, key -> new ArrayList<>()).add(answer);
            deliver(new Event.Proposed(id, command));
        }
    }

    void read(long readId, int key, SimClient.Answer answer) {
        if (takesNoPart()) {
            answer.refused(Optional.empty());
        } else if (running) {
            reads.put(readId, new PendingRead(key, answer));
            deliver(new Event.ReadRequested(readId));
        }
    }

    /** It says so at once, or nobody listens there any more. */
    private boolean takesNoPart() {
        return switchedOff || running && !storeNumbers.mayTakePart();
    }

    private void tickLater(long delayUs) {
        int ofLife = life;
        simulation.time().after(delayUs, () -> {
            if (!running || ofLife != life) {
                return;
            }
            if (!tickWaiting && storeNumbers.mayTakePart() && storeNumbers.mayCampaign(status)) {
                tickWaiting = true;
                deliver(new Event.Tick());
            }
            tickLater(settings.tickMs() * 1_000);
        });
    }

    private void wakeUpLater() {
        if (wakeUpDue || paused) {
            return;
        }
        wakeUpDue = true;
        int ofLife = life;
        simulation.time().after(chance.between(0, plan.tuning().thinkUs()), () -> {
            wakeUpDue = false;
            if (running && ofLife == life && !paused) {
                takeIn();
            } else if (running && !paused && !mailbox.isEmpty()) {
                wakeUpLater();
            }
        });
    }

    private void takeIn() {
        if (mailbox.isEmpty()) {
            return;
        }
        int count =
                (int) chance.between(1, Math.min(mailbox.size(), plan.tuning().batch()));
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(mailbox.remove());
        }
        noteAll(events);
        try {
            step(simulation.interference().onEvents(this, events));
        } catch (Crashed crashed) {
            crash();
            return;
        }
        if (!mailbox.isEmpty()) {
            wakeUpLater();
        }
    }

    private void noteAll(List<Event> events) {
        readsOfThisStep.clear();
        for (Event event : events) {
            simulation.note(id().value(), event);
            if (event instanceof Event.Tick) {
                tickWaiting = false;
            } else if (event instanceof Event.ReadRequested read) {
                PendingRead pending = reads.get(read.readId());
                simulation.invariants().onReadBegun(this, read.readId(), pending.key);
                readsOfThisStep.add(read.readId());
            }
        }
        simulation.countStep(events.size());
    }

    private void step(List<Event> events) {
        long nowMs = clock.nowMs();
        List<Effect> effects =
                events.size() == 1 && chance.permille(500) ? core.step(nowMs, events.get(0)) : core.step(nowMs, events);
        status = core.status();
        for (Effect effect : simulation.interference().onEffects(this, effects)) {
            carryOut(effect);
        }
        simulation.invariants().afterStep(this);
    }

    private void carryOut(Effect effect) {
        if (effectsUntilCrash != NEVER && effectsUntilCrash-- <= 0) {
            simulation.count(Counter.CRASHES_BETWEEN_EFFECTS);
            throw new Crashed();
        }
        simulation.note(id().value(), effect);
        effect.executeWith(this);
        simulation.invariants().onEffect(this, effect);
    }

    // ---- effects

    @Override
    public void persist(Effect.Persist effect) {
        disk.persist(effect);
    }

    @Override
    public void send(Effect.Send effect) {
        if (effect.message() instanceof Message.TimeoutNow
                && status.health().impaired()
                && disk.isSlow()
                && status.configuration().voters().contains(id())) {
            simulation.onOffered(this, effect.to());
        }
        simulation.send(number, effect.to(), effect.message());
    }

    void receive(NodeId from, StoreNumbers.Hello hello, Message message) {
        if (simulation.lostDisks().takePlace() && running && !storeNumbers.admits(from, hello)) {
            SimNode sender = simulation.node(from);
            int ofLife = sender.life;
            simulation.carry(id(), from, () -> sender.onRefused(ofLife));
            return;
        }
        deliver(new Event.Received(from, message));
    }

    private void onRefused(int ofLife) {
        if (running && !paused && life == ofLife) {
            storeNumbers.onRefused();
        }
    }

    @Override
    public void apply(Effect.Apply effect) {
        for (Entry entry : effect.entries()) {
            boolean duplicate = effect.duplicates().contains(entry.index());
            state.apply(entry, duplicate);
            simulation.invariants().onApplied(this, entry, duplicate);
            simulation.count(duplicate ? Counter.DUPLICATES_SKIPPED : Counter.ENTRIES_APPLIED);
            List<SimClient.Answer> waiting = proposals.remove(entry.proposal());
            if (waiting != null) {
                simulation.invariants().onAcknowledged(this, entry.proposal(), entry.index());
                waiting.forEach(SimClient.Answer::written);
            }
        }
    }

    @Override
    public void rejectProposal(Effect.ProposalRejected effect) {
        // The refusal is for the newest attempt: an older one under the same id may be in the log.
        List<SimClient.Answer> waiting = proposals.get(effect.id());
        if (waiting != null && !waiting.isEmpty()) {
            waiting.remove(waiting.size() - 1).refused(effect.leader());
        }
        simulation.count(Counter.PROPOSALS_REFUSED);
    }

    @Override
    public void completeRead(Effect.ReadReady effect) {
        PendingRead pending = reads.remove(effect.readId());
        if (pending == null) {
            throw new AssertionError("read " + effect.readId() + " is answered twice");
        }
        long value = state.value(pending.key);
        simulation.invariants().onReadServed(this, effect.readId(), effect.readIndex(), value);
        simulation.count(Counter.READS_SERVED);
        if (readsOfThisStep.contains(effect.readId())
                && status.configuration().voters().size() > 1) {
            // Nobody was asked: there was no time for it.
            simulation.count(Counter.READS_UNDER_A_LEASE);
        }
        pending.answer.read(state.writes(pending.key), state.chain(pending.key));
    }

    @Override
    public void rejectRead(Effect.ReadRejected effect) {
        PendingRead pending = reads.remove(effect.readId());
        if (pending == null) {
            throw new AssertionError("read " + effect.readId() + " is answered twice");
        }
        pending.answer.refused(effect.leader());
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
            throw new Crashed();
        }
        state.restore(simulation.interference().onRestore(this, disk.stateOf(effect.snapshot())));
        simulation.count(Counter.SNAPSHOTS_RESTORED);
    }

    @Override
    public void roleChanged(Effect.RoleChanged effect) {
        if (effect.role() == RoleName.LEADER) {
            simulation.onNewLeader(this);
        } else {
            // What was proposed here has an unknown outcome now: nobody is told anything.
            proposals.clear();
            candidacies += effect.role() == RoleName.CANDIDATE ? 1 : 0;
        }
    }

    @Override
    public void leaderReady(Effect.LeaderReady effect) {
        if (status.role() != RoleName.LEADER || status.term() != effect.term()) {
            throw new AssertionError("ready to lead term " + effect.term() + " as " + status);
        }
    }

    @Override
    public void configurationChanged(Effect.ConfigurationChanged effect) {
        if (effect.index() < configurationIndex) {
            simulation.count(Counter.CONFIGURATIONS_TAKEN_BACK);
        }
        configurationIndex = effect.index();
        if (status.role() == RoleName.LEADER && effect.configuration().isJoint()) {
            simulation.onVotersChange(this, effect.configuration());
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

    // ---- what others may see

    @Override
    public NodeId id() {
        return settings.self();
    }

    @Override
    public int life() {
        return life;
    }

    @Override
    public boolean running() {
        return running;
    }

    @Override
    public RaftStatus status() {
        return status;
    }

    @Override
    public StoreView store() {
        return disk;
    }

    @Override
    public long stateHash() {
        return state.hash();
    }

    @Override
    public long appliedIndex() {
        return state.appliedIndex();
    }

    /** All members but this one. */
    List<NodeId> others() {
        return simulation.nodes().stream()
                .map(SimNode::id)
                .filter(id -> !id.equals(id()))
                .toList();
    }

    boolean paused() {
        return paused;
    }

    /** How often it began an election. */
    int candidacies() {
        return candidacies;
    }

    /** How often it was paused. */
    int pauses() {
        return pauses;
    }

    SimDisk disk() {
        return disk;
    }

    long timeoutMs() {
        return settings.electionTimeoutMs();
    }

    MemberClock clock() {
        return clock;
    }

    @Override
    public boolean storeIsLost() {
        return storeNumbers.isLost();
    }

    StoreNumbers storeNumbers() {
        return storeNumbers;
    }

    @Override
    public int stores() {
        return stores;
    }

    /** Its store is what it has ever written, as far as anybody can know. */
    boolean whole() {
        return !disk.isDamaged() && !recovering() && !storeIsLost();
    }

    /** It lost its store, and has not been told that it is whole again. */
    boolean recovering() {
        return disk.durableHardState().isRecovering();
    }
}
