package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Three controllers and two brokers with agents whose cables are pulled. Whatever is cut, the two never take writes at the same
 * time, and the group has a master again in the end.
 */
abstract class AgentPartition extends NetworkScenario {
    private final boolean allInSync;

    /** @param allInSync the master acknowledges what all of the SyncStateSet have, and not what it alone has */
    AgentPartition(boolean allInSync) {
        super(TestCluster.of("agent-partition")
                .agents(2)
                .brokerKey("allAckInSyncStateSet", Boolean.toString(allInSync))
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .brokerKey("checkSyncStateSetPeriod", "1000"));
        this.allInSync = allInSync;
    }

    /** How the ack rule reads in reports. */
    String rule() {
        return "agents, " + (allInSync ? "all in sync" : "lease");
    }

    /** Checks what holds of every scenario here, ends the producers; what was lost, for people. */
    String check(TwoSides sides) {
        sides.finish();
        sides.checkTurns();
        if (allInSync) {
            sides.checkNothingLost();
            return "nothing lost";
        }
        return sides.lost() + " lost, as its ack rule allows";
    }

    @Test
    void masterCutOffFromTheControllersIsReplaced() {
        isReplaced("the controllers", old -> network.cut(old.host(), controllerHosts()));
    }

    @Test
    void masterCutOffFromEverythingIsReplaced() {
        isReplaced("everything", old -> network.cut(old.host(), network.allBut(old.host())));
    }

    @Test
    void masterCutOffFromItsSlaveGoesOnAlone() {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        Broker slave = other(master);
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long cutAtMs = System.currentTimeMillis();
            network.cut(master.host(), slave.host());
            cluster.awaitGroup("the slave has left the SyncStateSet", 30, view -> !view.inSync()
                    .contains(slave.id().orElseThrow()));
            long shrunkMs = System.currentTimeMillis() - cutAtMs;
            sides.awaitMore(master, 50);

            network.heal();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.master(), after.master());
            assertEquals(before.masterEpoch(), after.masterEpoch(), "nobody was elected");
            sides.awaitMore(master, 50);
            check(sides);
            sides.report(rule() + ", master cut off from its slave", "alone in the set after " + shrunkMs + " ms");
        }
    }

    /** The master is replaced when it is cut off like that, and is a slave when it is healed. */
    void isReplaced(String from, Consumer<Broker> cut) {
        GroupView before = cluster.awaitAllInSync();
        Broker old = cluster.master();
        Broker successor = other(old);
        long successorId = successor.id().orElseThrow();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long cutAtMs = System.currentTimeMillis();
            cut.accept(old);
            GroupView elected = cluster.awaitGroup("another master", 30, view -> view.isMaster(successorId));
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            sides.awaitMore(successor, 50);

            network.heal();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(elected.master(), after.master());
            assertEquals(elected.masterEpoch(), after.masterEpoch(), "nobody else was elected");
            sides.awaitMore(successor, 50);
            String lost = check(sides);
            sides.checkHandover(old, successor);
            sides.report(
                    rule() + ", master cut off from " + from,
                    "acknowledged for " + sides.lastAcknowledgedAfterMs(cutAtMs, old)
                            + " ms more, another one elected after "
                            + sides.electedAfterMs(cutAtMs, old) + " ms, which acknowledges after "
                            + sides.firstAcknowledgedAfterMs(cutAtMs, successor) + " ms, " + lost);
        }
    }
}
