package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.simulation.invariant.Member;
import io.mqcontroller.raft.simulation.invariant.StoreView;
import java.util.List;

/** A member: its process, which ends and begins again, with its store and its clock. */
final class SimNode implements Member, SimDisk.Owner {
    private final int number;
    private final Simulation simulation;
    private final RaftSettings settings;
    private final Chance chance;
    private final MemberClock clock;
    private final SimDisk disk;
    private final PendingRequests requests;
    private final MemberEffects effects;
    private final MemberLoop loop;
    private final StoreNumbers storeNumbers;

    private int life;
    private boolean running;
    private boolean paused;
    private int pauses;
    /** By its own clock. */
    private long pausedAtUs;

    private int stores = 1;
    private int disksLost;
    private boolean switchedOff;

    SimNode(int number, Simulation simulation, RaftSettings settings, Chance chance) {
        this.number = number;
        this.simulation = simulation;
        this.settings = settings;
        this.chance = chance;
        FaultPlan plan = simulation.plan();
        long driftPpm = plan.tuning().clockDriftPpm();
        long drawnPpm = simulation.leases().driftPpm(chance.between(-driftPpm, driftPpm));
        this.clock =
                new MemberClock(simulation.time(), simulation.interference().driftPpm(drawnPpm));
        this.disk = new SimDisk(simulation.time(), chance.split(), plan.disk(), simulation.interference(), this);
        this.requests = new PendingRequests(this, simulation);
        this.effects = new MemberEffects(this, simulation, disk, requests);
        this.loop = new MemberLoop(this, simulation, settings, chance, requests, effects);
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
        clock.restart(chance.between(0, 1_000_000_000_000L));
        effects.begin();
        RecoveredState recovered = simulation.interference().onRecovery(openStore());
        running = true;
        RecoveredState ofStore = withIncarnation(recovered);
        loop.begin(ofStore);
        simulation.note(id().value(), "starts as " + status());
        simulation.invariants().onStart(this);
        storeNumbers.onStart(settings, ofStore);
        loop.tickLater(0);
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
    void crashAfterEffects(int count) {
        loop.crashAfterEffects(count);
    }

    void crash() {
        simulation.note(id().value(), "crashes");
        running = false;
        loop.end();
        requests.forgetAll();
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
            loop.wakeUpLater();
        }
    }

    // ---- what reaches it

    /** For the core, when its turn comes; nothing reaches a member that is down. */
    void deliver(Event event) {
        if (running && storeNumbers.mayTakePart()) {
            loop.add(event);
        }
    }

    void propose(ProposalId id, Bytes command, SimClient.Answer answer) {
        requests.propose(id, command, answer);
    }

    void read(long readId, int key, SimClient.Answer answer) {
        requests.read(readId, key, answer);
    }

    /** It says so at once, or nobody listens there any more. */
    boolean takesNoPart() {
        return switchedOff || running && !storeNumbers.mayTakePart();
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

    // ---- what others may see

    @Override
    public NodeId id() {
        return settings.self();
    }

    /** Its place among all members and machines. */
    int number() {
        return number;
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
        return loop.status();
    }

    @Override
    public StoreView store() {
        return disk;
    }

    @Override
    public long stateHash() {
        return effects.state().hash();
    }

    @Override
    public long appliedIndex() {
        return effects.state().appliedIndex();
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
        return effects.candidacies();
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
