package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import io.mqcontroller.raft.simulation.invariant.Invariants;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of a cluster in virtual time, all of it drawn from one seed: first with faults, then healed, when it must come
 * together again. Any violated invariant, any exception of a core, and any missed deadline end it with a {@link
 * SimulationFailure}.
 */
public final class Simulation {
    private static final int KEPT_LINES = 10_000;

    private final long seed;
    private final FaultPlan plan;
    private final Interference interference;
    private final Reduction reduction;
    private final SimClock time = new SimClock();
    private final Trace trace = new Trace(KEPT_LINES);
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    private final List<NodeId> ids = new ArrayList<>();
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimNetwork network;
    private final MembershipChanges membership;
    private final LostDisks lostDisks;
    private final LeaseReads leases;
    private final Invariants invariants;
    private final FaultInjector faults;
    private final Majorities majorities;
    private final HandoverWatch handovers;
    private final Course course;

    private final long[] nextNumber;
    private long nextReadId = 1;
    private long nextClientId = 1;
    private long steps;
    private long events;

    private Simulation(
            long seed, Interference interference, Set<Class<? extends Invariant>> without, Reduction reduction) {
        this.seed = seed;
        this.interference = interference;
        this.reduction = reduction;
        Chance chance = new Chance(seed);
        FaultPlan drawn = FaultPlan.draw(chance.split());
        for (Trait trait : reduction.calmed()) {
            drawn = trait.calm(drawn);
        }
        this.plan = drawn;
        this.nextNumber = new long[plan.load().keys()];
        this.membership = new MembershipChanges(this, seed);
        this.lostDisks = new LostDisks(this, seed);
        this.leases = new LeaseReads(this, seed);
        for (int i = 0; i < plan.members() + membership.spares() + lostDisks.machines(); i++) {
            ids.add(new NodeId("n" + i));
        }
        List<NodeId> first = ids.subList(0, plan.members());
        this.network = new SimNetwork(time, chance.split(), plan.network(), ids.size());
        for (int i = 0; i < ids.size(); i++) {
            nodes.add(new SimNode(i, this, plan.settingsOf(ids.get(i), first, leases.leaseMs()), chance.split()));
        }
        this.invariants = Invariants.of(nodes, Configuration.ofVoters(first), without);
        this.faults = new FaultInjector(this, seed);
        this.majorities = new Majorities(this, Configuration.ofVoters(first));
        this.handovers = new HandoverWatch(this);
        List<SimClient> clients = new ArrayList<>();
        for (int i = 0; i < plan.load().clients(); i++) {
            clients.add(new SimClient(newClientId(), this, chance.split()));
        }
        this.course = new Course(this, seed, clients);
    }

    /** The run that belongs to this seed. */
    public static Simulation of(long seed) {
        return of(seed, Interference.NONE, Set.of());
    }

    static Simulation of(long seed, Interference interference, Set<Class<? extends Invariant>> without) {
        return of(seed, interference, without, Reduction.NONE);
    }

    static Simulation of(
            long seed, Interference interference, Set<Class<? extends Invariant>> without, Reduction reduction) {
        return new Simulation(seed, interference, without, reduction);
    }

    /**
     * Runs to the end.
     *
     * @throws SimulationFailure if anything went wrong
     */
    public void run() {
        try {
            course.run();
        } catch (SimulationFailure failure) {
            throw failure;
        } catch (RuntimeException | AssertionError cause) {
            throw new SimulationFailure(this, cause);
        }
    }

    // ---- what its parts need of each other

    void send(SimNode from, NodeId to, Message message) {
        if (message instanceof Message.InstallSnapshotReply reply && reply.installed()) {
            count(Counter.SNAPSHOTS_INSTALLED);
        }
        StoreNumbers.Hello hello = from.storeNumbers().hello();
        SimNode receiver = node(to);
        network.send(from.number(), receiver.number(), message, arrived -> receiver.receive(from.id(), hello, arrived));
    }

    /** Something that is no message of Raft's. */
    void carry(NodeId from, NodeId to, Runnable arrival) {
        network.carry(node(from).number(), node(to).number(), arrival);
    }

    void onCrashed(SimNode node) {
        count(Counter.CRASHES);
        faults.onCrashed(node);
    }

    void onNewLeader(SimNode node) {
        count(Counter.LEADERS);
        handovers.onNewLeader(node);
        faults.onNewLeader(node);
    }

    /** A leader begins to change the voters. */
    void onVotersChange(SimNode leader, Configuration joint) {
        faults.onVotersChange(leader, joint);
    }

    void note(String who, Object what) {
        trace.add(time.nowUs(), who, what);
    }

    void count(Counter counter) {
        counters.merge(counter, 1L, Long::sum);
    }

    void countStep(int eventsTakenIn) {
        steps++;
        events += eventsTakenIn;
    }

    long newReadId() {
        return nextReadId++;
    }

    long newClientId() {
        return nextClientId++;
    }

    long nextNumber(int key) {
        return ++nextNumber[key];
    }

    SimNode node(NodeId id) {
        return nodes.get(ids.indexOf(id));
    }

    SimNode anyNode(Chance chance) {
        return chance.oneOf(nodes);
    }

    /** The running leader of the highest term. */
    Optional<SimNode> leader() {
        SimNode leader = null;
        for (SimNode node : nodes) {
            if (node.running()
                    && node.status().role() == RoleName.LEADER
                    && (leader == null || node.status().term() > leader.status().term())) {
                leader = node;
            }
        }
        return Optional.ofNullable(leader);
    }

    SimClock time() {
        return time;
    }

    SimNetwork network() {
        return network;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    MembershipChanges membership() {
        return membership;
    }

    LostDisks lostDisks() {
        return lostDisks;
    }

    FaultInjector faults() {
        return faults;
    }

    Majorities majorities() {
        return majorities;
    }

    HandoverWatch handovers() {
        return handovers;
    }

    LeaseReads leases() {
        return leases;
    }

    Interference interference() {
        return interference;
    }

    Invariants invariants() {
        return invariants;
    }

    boolean healed() {
        return course.healed();
    }

    // ---- results

    public long seed() {
        return seed;
    }

    FaultPlan plan() {
        return plan;
    }

    Reduction reduction() {
        return reduction;
    }

    IncidentLog incidents() {
        return faults.log();
    }

    Trace trace() {
        return trace;
    }

    /** Batches of events taken in by the members so far. */
    public long steps() {
        return steps;
    }

    /** Events taken in by the members so far. */
    public long events() {
        return events;
    }

    /** Whether it ended with too few stores that hold what they held, so that nobody may lead any more. */
    boolean isMajorityLost() {
        return course.isMajorityLost();
    }

    public long virtualMs() {
        return time.nowUs() / 1_000;
    }

    public long traceHash() {
        return trace.hash();
    }

    Map<Counter, Long> counters() {
        return counters;
    }

    /** One line: what this seed is about. */
    public String describe() {
        return String.format(
                "seed=%d members=%d steps=%d plan=%08x",
                seed, plan.members(), plan.steps(), plan.toString().hashCode());
    }
}
