package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import io.mqcontroller.raft.simulation.invariant.Invariants;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One run of a cluster in virtual time, all of it drawn from one seed: first with faults, then healed, when it must come
 * together again. Any violated invariant, any exception of a core, and any missed deadline end it with a {@link
 * SimulationFailure}.
 */
public final class Simulation {
    /** So many election timeouts go by where nothing may happen any more. */
    private static final int CALM_TIMEOUTS = 10;

    /** Terms that may pass until a healed cluster has its leader: an election may end without one, but not often in a row. */
    private static final int MAX_ELECTIONS = 8;

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
    private final List<SimClient> clients = new ArrayList<>();
    private final SimNetwork network;
    private final MembershipChanges membership;
    private final LostDisks lostDisks;
    private final LeaseReads leases;
    private final Invariants invariants;
    private final FaultInjector faults;
    /** So often all faults end for a while. */
    private final int rests;

    private final long[] nextNumber;
    private long nextReadId = 1;
    private long nextClientId = 1;
    private final Set<Offer> offers = new HashSet<>();
    private long steps;
    private long events;
    private boolean healed;
    private boolean majorityLost;

    private record Offer(NodeId to, long term) {}

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
        Chance ofRests = new Chance(Trace.mix(seed, 0x7265_7374));
        this.rests = ofRests.permille(300) ? (int) ofRests.between(1, 3) : 0;
        for (int i = 0; i < plan.load().clients(); i++) {
            clients.add(new SimClient(newClientId(), this, chance.split()));
        }
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
            nodes.forEach(SimNode::start);
            leases.begin();
            for (int rest = 1; rest <= rests; rest++) {
                long beginsAt = (long) plan.steps() * rest / (rests + 1);
                runUntil("the faults take a rest", () -> steps >= beginsAt, Long.MAX_VALUE);
                rest();
            }
            runUntil("the faults are over", () -> steps >= plan.steps(), Long.MAX_VALUE);
            heal();
            long unitUs = 1_000 * plan.tuning().electionTimeoutMs();
            if (!majoritiesAreWhole(any -> true)) {
                majorityLost = true;
                // Nobody may lead any more, and nobody does: what was acknowledged may be with any of those that forgot
                // it.
                long untilUs = time.nowUs() + 2 * CALM_TIMEOUTS * unitUs;
                runUntil("time goes by", () -> time.nowUs() >= untilUs, Long.MAX_VALUE);
                return;
            }
            long healedTerm = highestTerm();
            Deadlines deadlines = new Deadlines(plan);
            runUntil("a leader is ready", this::hasReadyLeader, deadlines.leaderUs(largestSnapshotBytes()));
            clients.forEach(SimClient::end);
            runUntil(
                    "all members are at rest in the same state",
                    this::atRest,
                    deadlines.restUs(largestSnapshotBytes()));
            invariants.atEnd(members());
            requireFewTermsSince(healedTerm);
            staysAtRest(3 * unitUs, CALM_TIMEOUTS * unitUs);
        } catch (SimulationFailure failure) {
            throw failure;
        } catch (RuntimeException | AssertionError cause) {
            throw new SimulationFailure(this, cause);
        }
    }

    private void runUntil(String what, BooleanSupplier reached, long withinUs) {
        long deadlineUs = withinUs == Long.MAX_VALUE ? Long.MAX_VALUE : time.nowUs() + withinUs;
        while (!reached.getAsBoolean()) {
            if (!time.runNext() || time.nowUs() > deadlineUs) {
                throw new AssertionError("not reached in " + withinUs / 1_000 + " ms of virtual time: " + what + "; "
                        + nodes.stream().map(SimNode::status).toList());
            }
        }
    }

    /** In the middle of it all faults end, until there is a leader. */
    private void rest() {
        note("simulation", "rests");
        faults.rest();
        healAll();
        if (majoritiesAreWhole(any -> true)) {
            count(Counter.RESTS);
            long term = highestTerm();
            runUntil("a leader is ready", this::hasReadyLeader, new Deadlines(plan).leaderUs(largestSnapshotBytes()));
            requireFewTermsSince(term);
        }
        network.fallIll();
        nodes.forEach(node -> node.disk().fallIll());
        faults.goOn();
        note("simulation", "goes on with faults");
    }

    private void requireFewTermsSince(long term) {
        if (highestTerm() - term > MAX_ELECTIONS) {
            throw new AssertionError("terms went on from " + term + " to " + highestTerm());
        }
    }

    private void heal() {
        note("simulation", "heals");
        healed = true;
        faults.end();
        healAll();
    }

    private void healAll() {
        network.heal();
        for (SimNode node : nodes) {
            node.disk().heal();
            node.crashAfterEffects(SimNode.NEVER);
            node.resume(false);
            if (!node.running()) {
                node.start();
            }
        }
    }

    /** Nobody disturbs a leader that works. A transfer that was asked for before may still have to come to its end. */
    private void staysAtRest(long settleUs, long forUs) {
        long settledUs = time.nowUs() + settleUs;
        runUntil("transfers are over", () -> time.nowUs() >= settledUs && hasReadyLeader(), 2 * settleUs);
        NodeId leader = leader().orElseThrow().id();
        long term = node(leader).status().term();
        long untilUs = time.nowUs() + forUs;
        runUntil("time goes by", () -> time.nowUs() >= untilUs, Long.MAX_VALUE);
        boolean same = members().stream()
                .allMatch(node ->
                        node.status().term() == term && node.status().leader().equals(Optional.of(leader)));
        if (!same) {
            throw new AssertionError(leader + " does not lead term " + term + " any more, for no reason: "
                    + nodes.stream().map(SimNode::status).toList());
        }
    }

    private long highestTerm() {
        return nodes.stream().mapToLong(node -> node.status().term()).max().orElse(0);
    }

    private long largestSnapshotBytes() {
        return nodes.stream()
                .mapToLong(node -> node.disk().snapshotBytes())
                .max()
                .orElse(0);
    }

    private boolean hasReadyLeader() {
        return leader().isPresent() && leader().get().status().ready();
    }

    private boolean atRest() {
        if (!hasReadyLeader() || !clients.stream().allMatch(SimClient::finished)) {
            return false;
        }
        RaftStatus leading = leader().orElseThrow().status();
        return !lostDisks.areOpen()
                && members().stream().noneMatch(SimNode::recovering)
                && leading.commitIndex() == leading.last().index()
                && !leading.configuration().isJoint()
                && members().stream().allMatch(node -> node.appliedIndex() == leading.commitIndex());
    }

    /** Those of the leader's configuration. Whoever was removed, or never added, is left to itself. */
    private List<SimNode> members() {
        RaftStatus leading = leader().orElseThrow().status();
        return nodes.stream()
                .filter(node -> leading.configuration().isMember(node.id()))
                .toList();
    }

    // ---- what its parts need of each other

    void send(int from, NodeId to, Message message) {
        if (message instanceof Message.InstallSnapshotReply reply && reply.installed()) {
            count(Counter.SNAPSHOTS_INSTALLED);
        }
        StoreNumbers.Hello hello = nodes.get(from).storeNumbers().hello();
        SimNode receiver = node(to);
        network.send(from, ids.indexOf(to), message, arrived -> receiver.receive(ids.get(from), hello, arrived));
    }

    /** Something that is no message of Raft's. */
    void carry(NodeId from, NodeId to, Runnable arrival) {
        network.carry(ids.indexOf(from), ids.indexOf(to), arrival);
    }

    void onCrashed(SimNode node) {
        count(Counter.CRASHES);
        faults.onCrashed(node);
    }

    /** Whether a majority without this one still has all that it ever wrote. */
    boolean canLose(SimNode node) {
        return majoritiesAreWhole(other -> other != node);
    }

    /**
     * Of each configuration that may be in force: the newest that is known to be committed, and all that somebody holds beyond
     * it.
     */
    private boolean majoritiesAreWhole(Predicate<SimNode> candidates) {
        Predicate<NodeId> whole = id -> candidates.test(node(id)) && node(id).whole();
        long committed = nodes.stream()
                .map(SimNode::status)
                .filter(status -> status.configurationIndex() <= status.commitIndex())
                .mapToLong(RaftStatus::configurationIndex)
                .max()
                .orElse(0);
        return nodes.stream()
                .map(SimNode::status)
                .filter(status -> status.configurationIndex() >= committed)
                .map(RaftStatus::configuration)
                .filter(configuration -> !configuration.voters().isEmpty())
                .allMatch(configuration -> isMajority(configuration.voters(), whole)
                        && (!configuration.isJoint() || isMajority(configuration.outgoing(), whole)));
    }

    private static boolean isMajority(Set<NodeId> voters, Predicate<NodeId> yes) {
        return 2 * voters.stream().filter(yes).count() > voters.size();
    }

    void onNewLeader(SimNode node) {
        count(Counter.LEADERS);
        if (offers.remove(new Offer(node.id(), node.status().term() - 1))) {
            count(Counter.SLOW_LEADERS_HANDED_OVER);
        }
        faults.onNewLeader(node);
    }

    /** A leader whose disk is slow, and who was not asked to, offers leadership to another one. */
    void onOffered(SimNode slow, NodeId to) {
        if (plan.incidents().transferEveryMs() == 0) {
            offers.add(new Offer(to, slow.status().term()));
        }
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

    int numberOf(SimNode node) {
        return nodes.indexOf(node);
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
        return healed;
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
        return majorityLost;
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
