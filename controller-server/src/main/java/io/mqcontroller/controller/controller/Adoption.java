package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.controller.metadata.decide.RegisterBroker;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas that these controllers did not give their ids to, as after they lost all they knew. */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final ControllerObserver observer;

    Adoption(LoopClock clock, DecisionLog log, ReplicaLiveness liveness, ControllerObserver observer) {
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.observer = observer;
    }

    /**
     * Takes in what is alive under ids that these controllers do not know, when they have lost all they knew: a broker that
     * asks after the group was made again is told a role, believes it, and never registers. Its heartbeats have said all that is
     * needed.
     */
    BrokerGroup adoptHeard(BrokerGroup group) {
        BrokerGroup whole = group;
        if (isAdopted(group)) {
            for (Map.Entry<BrokerId, ReplicaReport> heard :
                    liveness.view(group.key(), clock.nowMs()).reports().entrySet()) {
                if (heard.getValue().alive() && !whole.has(heard.getKey())) {
                    whole = adopt(whole, heard.getKey());
                }
            }
        }
        return whole;
    }

    private BrokerGroup adopt(BrokerGroup group, BrokerId id) {
        String address = liveness.addressOf(new ReplicaKey(group.key(), id));
        Decision<RegisterBroker.Registered> decision =
                RegisterBroker.decide(log.speculative(), group.key(), id, address, false);
        if (!(decision instanceof Decision.Accepted<RegisterBroker.Registered> accepted)) {
            return group;
        }
        log.append(accepted.records());
        observer.onReplicaAdopted(group.key(), id);
        LOG.warn("event=replica_adopted group={} broker={} address={} cause=heartbeat", group.key(), id, address);
        return accepted.result().group();
    }

    /** Only this replica exists, and it applied for its id here, so that no other can hold data. */
    boolean isAlone(BrokerGroup group) {
        long others = liveness.view(group.key(), clock.nowMs()).reports().entrySet().stream()
                .filter(e -> e.getValue().alive() && !group.has(e.getKey()))
                .count();
        return group.replicas().size() == 1 && others == 0 && !isAdopted(group);
    }

    static boolean isAdopted(BrokerGroup group) {
        return group.replicas().values().stream()
                .anyMatch(replica -> replica.registerCheckCode().isEmpty());
    }
}
