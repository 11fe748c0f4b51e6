package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import org.junit.jupiter.api.Test;

/** Three controllers and two unmodified brokers whose cables are pulled. */
class PartitionIT extends NetworkScenario {
    private static final int HEARTBEAT_TIMEOUT_MS = 3_000;

    PartitionIT() {
        super(TestCluster.of("partition")
                .brokerKey("controllerHeartBeatTimeoutMills", Integer.toString(HEARTBEAT_TIMEOUT_MS)));
    }

    /**
     * Without a lease the old master does not know that it was replaced and takes writes beside the new one: what agents
     * are there to prevent, and the proof that the checker sees it.
     */
    @Test
    void masterCutOffFromTheControllersIsReplacedAndStepsDownWhenHealed() {
        GroupView before = cluster.awaitAllInSync();
        Broker old = cluster.master();
        Broker other = other(old);
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long cutAtMs = System.currentTimeMillis();
            network.cut(old.host(), controllerHosts());
            GroupView elected = cluster.awaitGroup(
                    "another master", 30, view -> view.isMaster(other.id().orElseThrow()));
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            sides.awaitMore(other, 50);
            sides.awaitMore(old, 50);

            network.heal();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(elected.master(), after.master());
            assertEquals(elected.masterEpoch(), after.masterEpoch());
            long steppedDownAtMs = System.currentTimeMillis();
            sides.awaitMore(other, 50);
            sides.finish();
            assertEquals(0, sides.acknowledgedSince(old, steppedDownAtMs), "the old master takes no writes any more");
            assertFalse(sides.overlaps().isEmpty(), "both took writes: " + sides.masters());

            long electedMs = sides.electedAfterMs(cutAtMs, old);
            assertTrue(electedMs > HEARTBEAT_TIMEOUT_MS - 1_500, electedMs + " ms");
            sides.report(
                    "unmodified brokers, master cut off from the controllers", "elected after " + electedMs + " ms");
        }
    }
}
