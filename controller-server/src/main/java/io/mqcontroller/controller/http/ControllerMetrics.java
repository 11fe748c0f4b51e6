package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.Counter;
import io.mqcontroller.controller.controller.service.AgentsView;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the controller decides about brokers, as metrics. No series per group: a large cluster has ten thousand of them. */
public final class ControllerMetrics implements ControllerObserver {
    private final Metrics metrics;
    private final Map<ElectionReason, Counter> elected = new EnumMap<>(ElectionReason.class);
    private final Map<ElectionReason, Counter> foundNobody = new EnumMap<>(ElectionReason.class);
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Counter unclean;
    private final Counter nobodyEligible;
    private final Counter altered;
    private final Counter settled;
    private final Counter adopted;
    private final Map<LeaseRefusal, Counter> leasesRefused = new EnumMap<>(LeaseRefusal.class);
    private final Counter leasesGranted;
    private final Counter leasesGivenBack;
    private final Counter electionsHeldUp;
    private final Counter agentHeartbeats;
    private final Counter fencings;
    private final Counter heartbeats;
    private final Counter relayedHeartbeats;
    private final Counter mailboxFull;
    private final Counter turns;
    private final Counter events;
    private final Counter batches;
    private final Counter records;
    private final Counter tasksFailed;
    private final ApacheNames apache;

    public ControllerMetrics(Metrics metrics) {
        this(metrics, ApacheNames.NONE);
    }

    public ControllerMetrics(Metrics metrics, ApacheNames apache) {
        this.apache = apache;
        this.metrics = metrics;
        for (ElectionReason reason : ElectionReason.values()) {
            elected.put(reason, elections(reason, "elected"));
            foundNobody.put(reason, elections(reason, "nobody"));
        }
        for (Refusal refusal : Refusal.values()) {
            refused.put(
                    refusal,
                    metrics.counter(
                            "fenced.requests", "Requests that were refused, by reason.", "reason", label(refusal)));
        }
        unclean = metrics.counter(
                "unclean.elections",
                "Masters elected from outside the SyncStateSet: acknowledged messages may be lost.");
        nobodyEligible = metrics.counter(
                "nobody.eligible",
                "How often a group had no master and nobody who may become it, or for another reason than before.");
        altered = metrics.counter("sync.state.set.changes", "SyncStateSets changed as their masters asked for.");
        settled = metrics.counter(
                "sync.state.set.settlements",
                "Old SyncStateSets confirmed under a higher epoch, to end the wait of a master.");
        adopted = metrics.counter("replicas.adopted", "Replicas taken in that these controllers did not know.");
        leasesGranted = metrics.counter("leases.granted", "Leases granted to masters, one for each heartbeat.");
        for (LeaseRefusal reason : LeaseRefusal.values()) {
            leasesRefused.put(
                    reason,
                    metrics.counter(
                            "leases.refused",
                            "Heartbeats of agents that call themselves master and got no lease, by reason.",
                            "reason",
                            label(reason)));
        }
        leasesGivenBack = metrics.counter("leases.given.back", "Masters that resigned and gave their lease back.");
        electionsHeldUp = metrics.counter(
                "elections.held.up", "Elections that had to wait for the lease of the master before to run out.");
        fencings = metrics.counter("fencings", "How often agents have fenced their brokers, as they say.");
        agentHeartbeats = heartbeats("agent");
        heartbeats = heartbeats("broker");
        relayedHeartbeats = heartbeats("controller");
        mailboxFull =
                metrics.counter("loop.mailbox.full", "Events refused because too much waited for the controller loop.");
        turns = metrics.counter("loop.turns", "Turns of the controller loop.");
        events = metrics.counter("loop.events", "Events that the turns of the controller loop took in.");
        batches = metrics.counter("decision.batches", "Batches of decisions that were proposed.");
        records = metrics.counter("decision.records", "Decisions in these batches.");
        tasksFailed = metrics.counter(
                "tasks.failed", "Pieces of work that met an error and were left out; the log has each.");
    }

    /**
     * Adds what can be read off the loop's view.
     *
     * @param mailboxDepth events that wait for the loop
     */
    public void watch(Supplier<ControllerView> view, Supplier<Integer> mailboxDepth) {
        gauge("broker.groups", "Broker groups.", view, v -> v.metadata()
                .groups()
                .size());
        gauge("replicas", "Registered replicas.", view, ControllerView::replicas);
        gauge(
                "replicas.alive",
                "Registered replicas that are alive; only on the leader.",
                view,
                v -> onlyLeading(v, v.replicasAlive()));
        metrics.gauge(
                "heartbeat.lag.max",
                "seconds",
                "Time since the heartbeat of that living replica which has been silent the longest; only on the leader.",
                view,
                v -> onlyLeading(v.get(), v.get().longestSilenceMs() / 1_000.0));
        gauge(
                "masters.missing",
                "Groups without a master that had one, or whose master is dead; only on the leader.",
                view,
                v -> onlyLeading(v, v.groupsWithoutMaster() + v.groupsWithDeadMaster()));
        gauge(
                "groups.never.elected",
                "Groups that still wait for their first master.",
                view,
                ControllerView::groupsNeverElected);
        gauge(
                "isr.size.min",
                "Size of the smallest SyncStateSet of a group that has a master; 0 without one.",
                view,
                ControllerView::smallestSyncStateSet);
        gauge("inflight.proposals", "Batches of decisions on their way.", view, ControllerView::inflightProposals);
        gauge("waiting.answers", "Answers that wait for a commit or a read.", view, ControllerView::waitingAnswers);
        watchAgents(view);
        metrics.gauge(
                "loop.mailbox.depth", "", "Events that wait for the controller loop.", mailboxDepth, Supplier::get);
    }

    /** @param checksum of the configuration that should be alike on all controllers */
    public void watchConfiguration(LongSupplier checksum) {
        metrics.gauge(
                "config.checksum",
                "",
                "A checksum of those values of the configuration that should be alike on all controllers.",
                checksum,
                LongSupplier::getAsLong);
    }

    private void watchAgents(Supplier<ControllerView> view) {
        gauge("replicas.with.agent", "Registered replicas with an agent.", view, ControllerView::replicasWithAgent);
        gauge(
                "broker.groups.mixed",
                "Groups in which some replicas have an agent and some have none: the weaker rule holds in them.",
                view,
                ControllerView::groupsMixed);
        gaugeOfAgents("agents.master", "Agents that say they are master.", view, AgentsView::masters);
        gaugeOfAgents("agents.slave", "Agents that say they are slave.", view, AgentsView::slaves);
        gaugeOfAgents("agents.fenced", "Agents that say they are fenced.", view, AgentsView::fenced);
        gaugeOfAgents(
                "slaves.connected",
                "Slaves that the agents of masters see connected.",
                view,
                AgentsView::slavesConnected);
        gaugeOfAgents(
                "slaves.disconnected",
                "Slaves that the agents of masters know of and do not see connected.",
                view,
                AgentsView::slavesNotConnected);
        gaugeOfAgents(
                "slave.lag.bytes.max",
                "What the slave that is furthest behind does not have yet.",
                view,
                AgentsView::longestLagBytes);
        metrics.gauge(
                "slave.lag.max",
                "seconds",
                "Time since the slave that is furthest behind had everything; only on the leader.",
                view,
                v -> onlyLeading(v.get(), v.get().agents().longestLagMs() / 1_000.0));
        metrics.gauge(
                "agent.lease.remaining.min",
                "seconds",
                "The shortest lease that a master had left when it said so; -1 without masters; only on the leader.",
                view,
                v -> onlyLeading(
                        v.get(),
                        v.get().agents().shortestLeaseMs() < 0
                                ? -1
                                : v.get().agents().shortestLeaseMs() / 1_000.0));
    }

    private void gaugeOfAgents(
            String name, String help, Supplier<ControllerView> view, ToDoubleFunction<AgentsView> value) {
        gauge(name, help + " Only on the leader.", view, v -> onlyLeading(v, value.applyAsDouble(v.agents())));
    }

    private static double onlyLeading(ControllerView view, double value) {
        return view.leading() ? value : Double.NaN;
    }

    private void gauge(
            String name, String help, Supplier<ControllerView> view, ToDoubleFunction<ControllerView> value) {
        metrics.gauge(name, "", help, view, v -> value.applyAsDouble(v.get()));
    }

    private Counter elections(ElectionReason reason, String result) {
        return metrics.counter(
                "elections",
                "Elections of masters that took effect, by reason and result.",
                "reason",
                label(reason),
                "result",
                result);
    }

    private Counter heartbeats(String from) {
        return metrics.counter(
                "heartbeats", "Heartbeats of brokers, as they came or passed on by another controller.", "from", from);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void onElection(GroupKey group, ElectionReason reason, Optional<BrokerId> master, boolean wasUnclean) {
        (master.isPresent() ? elected : foundNobody).get(reason).increment();
        if (wasUnclean) {
            unclean.increment();
        }
        apache.onElection(group, master.isPresent());
    }

    @Override
    public void onNobodyEligible(GroupKey group, String why) {
        nobodyEligible.increment();
    }

    @Override
    public void onSyncStateSetAltered(GroupKey group) {
        altered.increment();
    }

    @Override
    public void onSyncStateSetSettled(GroupKey group) {
        settled.increment();
    }

    @Override
    public void onReplicaAdopted(GroupKey group, BrokerId id) {
        adopted.increment();
    }

    @Override
    public void onHeartbeat(boolean relayed) {
        (relayed ? relayedHeartbeats : heartbeats).increment();
    }

    @Override
    public void onAgentHeartbeat(long fencingsSince) {
        agentHeartbeats.increment();
        fencings.increment(fencingsSince);
    }

    @Override
    public void onLeaseGranted(GroupKey group) {
        leasesGranted.increment();
    }

    @Override
    public void onLeaseRefused(GroupKey group, LeaseRefusal reason) {
        leasesRefused.get(reason).increment();
    }

    @Override
    public void onLeaseGivenBack(GroupKey group) {
        leasesGivenBack.increment();
    }

    @Override
    public void onElectionHeldUp(GroupKey group, long ms) {
        electionsHeldUp.increment();
    }

    @Override
    public void onHeartbeatRefused(String reason) {
        metrics.counter("heartbeats.refused", "Heartbeats that did not count, by reason.", "reason", reason)
                .increment();
    }

    @Override
    public void onRefused(String useCase, Refusal refusal) {
        refused.get(refusal).increment();
    }

    @Override
    public void onTurn(int eventsOfTurn) {
        turns.increment();
        events.increment(eventsOfTurn);
    }

    @Override
    public void onProposed(int recordsOfBatch, int answers) {
        batches.increment();
        records.increment(recordsOfBatch);
    }

    @Override
    public void onMailboxFull(String what) {
        mailboxFull.increment();
    }

    @Override
    public void onTaskFailed(String task, Throwable error) {
        tasksFailed.increment();
    }
}
