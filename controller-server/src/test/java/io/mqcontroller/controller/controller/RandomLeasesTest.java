package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.replication.DecidedBatch;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.raft.core.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents and operators that do anything at any time, heartbeats that come late and out of order, leaders that come and go: when
 * a master is recorded, nobody else can still be acknowledging writes that it may not have.
 */
class RandomLeasesTest {
    private static final int STEPS = 2_000;

    private CoreHarness h;
    private Agents agents;
    private Random random;
    private long term = 1;
    private int seen;
    private int granted;
    private int changes;
    private ReplicatedState state = ReplicatedState.EMPTY;
    private final List<Lease> leases = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();

    /** What an agent may believe: counted from when it sent the heartbeat. */
    private record Lease(BrokerId holder, AckRule rule, long untilMs) {}

    /** A heartbeat on its way. */
    private record Late(Agent agent, AgentHeartbeat heartbeat, long sentMs) {}

    /** A heartbeat that waits for its answer. */
    private record Asked(Late sent, Answer<LeaseAnswer> answer) {}

    private final List<Asked> asked = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nobodyElseHoldsALeaseWhenAMasterIsRecorded(long seed) {
        random = new Random(seed);
        boolean unclean = seed % 5 == 0;
        h = new CoreHarness(unclean ? new UncleanPolicy() : new InSyncFirstPolicy());
        agents = new Agents(h);
        h.lead(term);
        agents.group("g", 3);
        for (int step = 0; step < STEPS; step++) {
            act();
            check();
        }
        assertEquals(List.of(), h.observer.failures);
        assertTrue(granted > 100, "leases were granted: " + granted);
        assertTrue(changes > 20, "masters changed: " + changes);
    }

    private void act() {
        Agent agent = agents.all.get(random.nextInt(agents.all.size()));
        switch (random.nextInt(random.nextInt(4) == 0 ? 20 : 13)) {
            case 0, 1, 2, 3, 4, 5 -> beat(agent);
            case 6, 7, 8 -> deliverOne();
            case 9, 10, 11 -> h.pass(random.nextInt(30) == 0 ? 2_600 : random.nextInt(200));
            case 12, 13 -> alter();
            case 14 -> h.close(agent.broker.connection);
            case 15 -> agent.broker.connection = 10_000 + random.nextInt(1_000_000);
            case 16 -> operate(agent);
            case 17 -> changeMind(agent);
            case 18 -> commitOrNot();
            default -> changeLeader();
        }
    }

    /** Most heartbeats come at once. */
    private void beat(Agent agent) {
        Late sent = new Late(agent, agent.heartbeat(), h.nowMs);
        if (random.nextInt(5) > 0) {
            asked.add(new Asked(sent, h.ask(UseCases::agentHeartbeat, sent.heartbeat())));
        } else {
            late.add(sent);
        }
    }

    private void deliverOne() {
        if (late.isEmpty()) {
            return;
        }
        Late sent = late.remove(random.nextInt(Math.min(3, late.size())));
        asked.add(new Asked(sent, h.ask(UseCases::agentHeartbeat, sent.heartbeat())));
    }

    private void alter() {
        BrokerGroup group = h.group("g");
        group.master().ifPresent(master -> {
            TreeSet<BrokerId> set = new TreeSet<>(group.replicas().keySet());
            set.removeIf(id -> random.nextInt(4) == 0);
            set.add(master);
            h.alter(
                    "g",
                    master.value(),
                    group.masterEpoch(),
                    set,
                    group.syncStateSet().epoch());
        });
    }

    private void operate(Agent agent) {
        switch (random.nextInt(3)) {
            case 0 -> h.designate("g", agent.broker.id);
            case 1 -> h.electForNobody("g");
            default -> agent.register();
        }
    }

    private void changeMind(Agent agent) {
        switch (random.nextInt(3)) {
            case 0 -> agent.rule = agent.rule == AckRule.WEAKER ? AckRule.ALL_IN_SYNC : AckRule.WEAKER;
            case 1 -> agent.unfit = agent.unfit.isEmpty() ? "the disk is full" : "";
            default -> resign(agent);
        }
    }

    /** It takes no more writes under that epoch, whatever leases it had. */
    private void resign(Agent agent) {
        if (h.group("g").isMaster(agent.id())) {
            agent.resigns = true;
            leases.removeIf(lease -> lease.holder().equals(agent.id()));
            late.removeIf(sent -> sent.agent() == agent);
            asked.removeIf(waiting -> waiting.sent().agent() == agent);
            asked.add(new Asked(
                    new Late(agent, agent.heartbeat(), h.nowMs), h.ask(UseCases::agentHeartbeat, agent.heartbeat())));
            agent.resigns = false;
        }
    }

    private void commitOrNot() {
        h.commits = random.nextInt(3) > 0;
        if (h.commits) {
            h.settle();
        }
    }

    private void changeLeader() {
        if (random.nextInt(4) > 0) {
            return;
        }
        h.raft.proposals.clear();
        h.raft.reads.clear();
        h.follow(CoreHarness.OTHER);
        h.commits = true;
        h.pass(random.nextInt(1_000));
        h.lead(++term);
    }

    private void check() {
        takeLeases();
        for (; seen < h.raft.log.size(); seen++) {
            Entry entry = h.raft.log.get(seen);
            DecidedBatch batch = RecordCodec.decode(entry.command());
            if (state.accepts(entry.term(), batch)) {
                ClusterMetadata metadata = state.metadata();
                for (MetadataRecord record : batch.records()) {
                    if (record instanceof MetadataRecord.MasterChanged changed) {
                        checkMaster(changed, metadata.group(changed.group()).orElseThrow());
                    }
                    metadata = metadata.replay(record);
                }
                state = state.replay(batch);
            }
        }
    }

    private void takeLeases() {
        for (Asked waiting : List.copyOf(asked)) {
            if (!waiting.answer().isThere()) {
                continue;
            }
            asked.remove(waiting);
            if (waiting.answer().get() instanceof Reply.Done<LeaseAnswer> done
                    && done.value().leaseMs() > 0) {
                granted++;
                leases.add(new Lease(
                        waiting.sent().agent().id(),
                        done.value().ackRule(),
                        waiting.sent().sentMs() + done.value().leaseMs()));
            }
        }
        leases.removeIf(lease -> lease.untilMs() <= h.nowMs);
    }

    private void checkMaster(MetadataRecord.MasterChanged changed, BrokerGroup before) {
        changes++;
        for (Lease lease : leases) {
            boolean other =
                    changed.master().isEmpty() || !changed.master().get().equals(lease.holder());
            boolean needsTheWinner = changed.master().isPresent()
                    && !changed.unclean()
                    && lease.rule() == AckRule.ALL_IN_SYNC
                    && before.syncStateSet().contains(changed.master().get());
            boolean ofThePast = before.master().isEmpty() || !before.isMaster(lease.holder());
            assertTrue(
                    !other || needsTheWinner || ofThePast && lease.rule() == AckRule.ALL_IN_SYNC,
                    "at " + h.nowMs + " " + lease + " while " + changed);
        }
    }
}
