package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Brokers with agents as a controller hears them: two heartbeats a second, and the role that the controller records. */
final class Agents {
    static final long BEAT_MS = 500;
    static final long LEASE_MS = 2_000;

    /** Lease and the leader's margin for drift. */
    static final long COUNTED_MS = 2_250;

    final CoreHarness h;
    final List<Agent> all = new ArrayList<>();
    private long connections = 5_000;

    Agents(CoreHarness h) {
        this.h = h;
    }

    final class Agent {
        final Broker broker;
        AckRule rule = AckRule.WEAKER;
        boolean learner;
        boolean resigns;
        String unfit = "";
        AgentStatus status = AgentStatus.NONE;
        HandOverReport handOver = HandOverReport.NONE;
        int knownEpoch;
        long registeredMs = 60_000;
        boolean masterGone;

        /** -1: the epoch that is recorded, if it is master there. */
        int claimedEpoch = -1;

        Agent(Broker broker) {
            this.broker = broker;
        }

        BrokerId id() {
            return new BrokerId(broker.id);
        }

        private boolean isMaster() {
            return group().isMaster(id());
        }

        private BrokerGroup group() {
            return h.group(broker.group.brokerName());
        }

        AgentHeartbeat heartbeat() {
            boolean master = claimedEpoch >= 0 || isMaster();
            return new AgentHeartbeat(
                    broker.group,
                    id(),
                    broker.address,
                    "ha-" + broker.address,
                    broker.epoch,
                    knownEpoch,
                    broker.maxOffset,
                    broker.maxOffset,
                    LEASE_MS,
                    broker.priority,
                    master ? AgentRole.MASTER : AgentRole.SLAVE,
                    claimedEpoch >= 0 ? claimedEpoch : group().masterEpoch(),
                    rule,
                    learner,
                    resigns,
                    unfit,
                    status,
                    handOver,
                    registeredMs,
                    masterGone,
                    new ConnectionId(broker.connection));
        }

        Answer<LeaseAnswer> beat() {
            return h.ask(UseCases::agentHeartbeat, heartbeat());
        }

        Answer<RoleView> register() {
            return h.ask(
                    UseCases::register,
                    new Register(
                            broker.group,
                            id(),
                            broker.address,
                            "ha-" + broker.address,
                            true,
                            new ConnectionId(broker.connection)));
        }

        /** It says nothing more, and its connection stays open. */
        void freeze() {
            broker.beating = false;
        }

        /** It is gone, and so is its connection. */
        void kill() {
            broker.beating = false;
            h.close(broker.connection);
        }
    }

    /** A replica that has an id, and is registered, heard and in a group with a master. */
    Agent start(String name, long id) {
        Agent agent = unregistered(name, id);
        h.apply(agent.broker).value();
        agent.register().value();
        agent.beat().value();
        if (h.group(name).master().isEmpty()) {
            h.electFor(agent.broker).value();
        }
        return agent;
    }

    Agent unregistered(String name, long id) {
        Agent agent = new Agent(new Broker(CoreHarness.key(name), id, connections++));
        all.add(agent);
        return agent;
    }

    /** Agents 1 to {@code size}, all in the SyncStateSet, 1 being master. */
    List<Agent> group(String name, int size) {
        List<Agent> members = new ArrayList<>();
        for (long id = 1; id <= size; id++) {
            members.add(start(name, id));
        }
        for (int id = 2; id <= size; id++) {
            inSync(name, LongStream.rangeClosed(1, id).toArray());
        }
        return members;
    }

    void inSync(String name, long... members) {
        BrokerGroup now = h.group(name);
        h.alter(
                        name,
                        now.master().orElseThrow().value(),
                        now.masterEpoch(),
                        CoreHarness.ids(members),
                        now.syncStateSet().epoch())
                .value();
    }

    /** Lets time pass; every agent that is not frozen or dead sends its heartbeats, and the harness' brokers theirs. */
    void pass(long ms) {
        long endMs = h.nowMs + ms;
        while (h.nowMs < endMs) {
            long stepMs = Math.min(10, endMs - h.nowMs);
            boolean due = (h.nowMs + stepMs) / BEAT_MS != h.nowMs / BEAT_MS;
            h.pass(stepMs);
            if (due) {
                all.stream().filter(agent -> agent.broker.beating).forEach(Agent::beat);
            }
        }
    }
}
