package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.simulation.invariant.Invariant;
import io.mqcontroller.agent.simulation.invariant.Invariants;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.simulation.Chance;
import io.mqcontroller.raft.simulation.SimClock;
import io.mqcontroller.raft.simulation.Trace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One run of controllers, brokers and clients in virtual time, all of it drawn from one seed: first with faults, then healed,
 * when every group must take writes again. Any violated invariant and any missed deadline end it with a {@link
 * SimulationFailure}.
 */
public final class Simulation {
    private static final int KEPT_LINES = 20_000;

    /** After the faults every group takes writes within this time, with all its replicas in the set. */
    private static final long RECOVERY_US = 60_000_000;

    private final long seed;
    private final Plan plan;
    private final Mutant mutant;
    private final SimClock time = new SimClock();
    private final Trace trace = new Trace(KEPT_LINES);
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    private final SortedMap<NodeId, SimController> controllers = new TreeMap<>();
    private final SortedMap<String, SimBroker> brokers = new TreeMap<>();
    private final List<GroupKey> groups = new ArrayList<>();
    private final SimNetwork network;
    private final Invariants invariants;
    private final Chance clients;
    private final FaultInjector faults;
    private long lastMessage;
    private long steps;
    private boolean healed;
    private boolean producing = true;

    private Simulation(long seed, Mutant mutant, Function<Chance, Plan> plans) {
        this.seed = seed;
        this.mutant = mutant;
        Chance chance = new Chance(seed);
        this.plan = plans.apply(chance.split());
        this.network = new SimNetwork(this, chance.split());
        this.clients = chance.split();
        List<NodeId> ids = new ArrayList<>();
        for (int i = 0; i < plan.controllers(); i++) {
            ids.add(new NodeId("n" + i));
        }
        ids.forEach(id -> controllers.put(id, new SimController(this, id, controllers, ids, chance.split())));
        for (int g = 0; g < plan.groups(); g++) {
            GroupKey group = new GroupKey("C", "g" + g);
            groups.add(group);
            AckRule rule = chance.permille(plan.allInSyncPermille()) ? AckRule.ALL_IN_SYNC : AckRule.WEAKER;
            for (int i = 0; i < plan.brokers(); i++) {
                boolean learner = plan.learner() && i == plan.brokers() - 1;
                SimBroker broker = new SimBroker(this, group, i, learner, rule, chance.split());
                brokers.put(broker.name, broker);
            }
        }
        this.faults = new FaultInjector(this, chance.split());
        Set<Class<? extends Invariant>> without = new HashSet<>(plan.without());
        without.addAll(mutant.without());
        this.invariants = new Invariants(List.copyOf(brokers.values()), plan.driftPpm(), plan.unclean(), without);
    }

    /** The run that belongs to this seed. */
    public static Simulation of(long seed) {
        return of(seed, Mutant.NONE);
    }

    static Simulation of(long seed, Mutant mutant) {
        return new Simulation(seed, mutant, mutant::plan);
    }

    /** @param plans draws what goes wrong */
    static Simulation of(long seed, Function<Chance, Plan> plans) {
        return new Simulation(seed, Mutant.NONE, plans);
    }

    /** A run in which nothing goes wrong but what a test does. */
    static Simulation of(long seed, Plan plan) {
        return new Simulation(seed, Mutant.NONE, chance -> plan);
    }

    /**
     * Runs to the end.
     *
     * @throws SimulationFailure if anything went wrong
     */
    public void run() {
        try {
            begin();
            long endUs = plan.faultsMs() * 1_000;
            runUntil("the faults are over", () -> time.nowUs() >= endUs, Long.MAX_VALUE);
            heal();
            runUntil("every group takes writes, with all its replicas in the set", this::isWhole, RECOVERY_US);
            producing = false;
            runUntil("all logs are alike", this::isAlike, RECOVERY_US);
            invariants.atEnd();
        } catch (SimulationFailure failure) {
            throw failure;
        } catch (RuntimeException | AssertionError cause) {
            throw new SimulationFailure(this, cause);
        }
    }

    void begin() {
        controllers.values().forEach(SimProcess::start);
        brokers.values().forEach(broker -> time.after(clients.between(0, 2_000_000), broker::start));
        groups.forEach(this::produceLater);
        faults.begin();
    }

    /** Goes on until this is so; tells how many milliseconds of virtual time that took. */
    long await(String what, BooleanSupplier reached) {
        long sinceUs = time.nowUs();
        runUntil(what, reached, RECOVERY_US);
        return (time.nowUs() - sinceUs) / 1_000;
    }

    private void runUntil(String what, BooleanSupplier reached, long withinUs) {
        long deadlineUs = withinUs == Long.MAX_VALUE ? Long.MAX_VALUE : time.nowUs() + withinUs;
        while (!reached.getAsBoolean()) {
            if (!time.runNext() || time.nowUs() > deadlineUs) {
                throw new AssertionError("not reached in " + withinUs / 1_000 + " ms of virtual time: " + what + "; "
                        + brokers.values().stream()
                                .map(b -> "\n  " + b.name + " log " + b.log().size() + " " + b.status())
                                .toList());
            }
        }
    }

    private void heal() {
        note("simulation", "heals");
        healed = true;
        faults.end();
        network.heal();
        controllers.values().forEach(this::revive);
        brokers.values().forEach(this::revive);
        invariants.onHealed();
    }

    private void revive(SimProcess process) {
        process.resume();
        process.start();
    }

    /** Clients write to each broker, whatever it is: each side of a cut has some. */
    private void produceLater(GroupKey group) {
        time.after(clients.exponential(plan.writeEveryMs() * 1_000), () -> {
            if (producing) {
                for (SimBroker broker : brokersOf(group)) {
                    long number = ++lastMessage;
                    time.after(
                            clients.between(0, 2_000), () -> broker.deliver(broker.life(), () -> broker.write(number)));
                }
                produceLater(group);
            }
        });
    }

    private boolean isWhole() {
        return groups.stream().allMatch(group -> {
            long members = brokersOf(group).stream().filter(b -> !b.isLearner()).count();
            return invariants.hasAcknowledgedSinceHealed(group)
                    && controllers.values().stream()
                            .filter(SimController::isReadyLeader)
                            .anyMatch(c -> c.group(group)
                                    .map(g -> g.syncStateSet().members().size() == members)
                                    .orElse(false));
        });
    }

    /** Nobody takes itself for master any more who is not, each slave has compared its log with its master's, and has what that has. */
    private boolean isAlike() {
        return groups.stream().allMatch(group -> {
            List<SimBroker> all = brokersOf(group);
            return all.stream().filter(SimBroker::isMaster).count() == 1
                    && all.stream()
                            .allMatch(broker ->
                                    broker.isMaster() || broker.replication().isAligned())
                    && (all.stream().anyMatch(SimBroker::wereEpochsMistaken)
                            || all.stream().map(SimBroker::logSize).distinct().count() == 1);
        });
    }

    // ---- what its parts need of each other

    SimBroker broker(String name) {
        return brokers.get(name);
    }

    List<SimBroker> brokersOf(GroupKey group) {
        return brokers.values().stream()
                .filter(broker -> broker.group().equals(group))
                .toList();
    }

    SimController controller(String address) {
        return controllers.get(new NodeId(address));
    }

    List<String> controllerNames() {
        return controllers.keySet().stream().map(NodeId::value).toList();
    }

    List<SimController> controllers() {
        return List.copyOf(controllers.values());
    }

    List<SimBroker> brokers() {
        return List.copyOf(brokers.values());
    }

    void note(String who, Object what) {
        trace.add(time.nowUs(), who, what);
    }

    void count(Counter counter) {
        counters.merge(counter, 1L, Long::sum);
    }

    void countStep() {
        steps++;
    }

    SimClock time() {
        return time;
    }

    SimNetwork network() {
        return network;
    }

    FaultInjector faults() {
        return faults;
    }

    Invariants invariants() {
        return invariants;
    }

    Mutant mutant() {
        return mutant;
    }

    boolean isHealed() {
        return healed;
    }

    // ---- results

    public long seed() {
        return seed;
    }

    Plan plan() {
        return plan;
    }

    Trace trace() {
        return trace;
    }

    public long steps() {
        return steps;
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
                "seed=%d controllers=%d groups=%d brokers=%d faultsMs=%d plan=%08x",
                seed,
                plan.controllers(),
                plan.groups(),
                plan.brokers(),
                plan.faultsMs(),
                plan.toString().hashCode());
    }
}
