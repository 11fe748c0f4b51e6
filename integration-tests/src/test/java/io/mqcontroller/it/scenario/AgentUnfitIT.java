package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One of three brokers calls itself unfit to be master; the group acknowledges what all of the SyncStateSet have. */
class AgentUnfitIT extends NetworkScenario {
    private Broker odd;

    AgentUnfitIT() {
        super(TestCluster.of("agent-unfit")
                .controllers(1)
                .agents(2)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .brokerKey("checkSyncStateSetPeriod", "1000"));
    }

    /** It would be the first choice, but never got topics and subscriptions from a master. */
    @Test
    void replicaWhoseTablesAreBehindIsMasterOnlyWhenNobodyElseCanBe() {
        Broker first = cluster.master();
        Broker second = other(first);
        odd = cluster.add(Map.of("brokerElectionPriority", "1"));
        odd.use(first.kind());
        List.of(first, second).forEach(broker -> network.silence(broker.port(), odd.host()));
        odd.start();
        cluster.awaitAllInSync();
        awaitSaysUnfit("its topic and subscription tables are behind");
        long oddId = odd.id().orElseThrow();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            first.process().kill();
            GroupView elected = cluster.awaitGroup(
                    "another master",
                    30,
                    view -> view.master().isPresent()
                            && !view.isMaster(first.id().orElseThrow()));
            assertTrue(elected.isMaster(second.id().orElseThrow()), elected.toString());
            cluster.awaitGroup(
                    "it copies all the same", 30, view -> view.inSync().contains(oddId));
            sides.awaitMore(second, 50);

            second.process().kill();
            cluster.awaitGroup("the only one left is master", 30, view -> view.isMaster(oddId));
            sides.awaitMore(odd, 50);
            network.heal();
            cluster.heal();
            sides.finish();
            sides.checkTurns();
            sides.checkNothingLost();
            sides.report("agents, the third one's tables behind", "master only when it was the last");
        }
    }

    private void awaitSaysUnfit(String reason) {
        cluster.await("it says: " + reason, 30, () -> odd.hasLogged(reason));
    }
}
