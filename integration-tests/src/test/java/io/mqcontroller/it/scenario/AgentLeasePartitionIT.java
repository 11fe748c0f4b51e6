package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The master acknowledges what it alone has: only its lease keeps it from doing so beside its successor. */
class AgentLeasePartitionIT extends AgentPartition {
    AgentLeasePartitionIT() {
        super(false);
    }

    @Test
    void masterWhoseWordsDoNotReachTheControllersIsReplaced() {
        isReplaced("the controllers, but hears them", old -> controllerHosts()
                .forEach(controller -> network.cutOneWay(old.host(), controller)));
    }

    /** The leader hears it for as long as its connection lasts, and answers in vain. */
    @Test
    void masterThatDoesNotHearTheControllersIsReplaced() {
        isReplaced("the controllers, but is heard", old -> controllerHosts()
                .forEach(controller -> network.cutOneWay(controller, old.host())));
    }

    @Test
    void masterCutOffFromTheLeaderOfTheControllersIsReplaced() {
        isReplaced(
                "the leader of the controllers",
                old -> network.cut(
                        old.host(), cluster.controllers().awaitLeader().host()));
    }

    @Test
    void masterCutOffFromAControllerThatDoesNotLeadGoesOn() {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        ControllerNode leader = cluster.controllers().awaitLeader();
        Host follower = controllerHosts().stream()
                .filter(host -> host != leader.host())
                .findFirst()
                .orElseThrow();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long cutAtMs = System.currentTimeMillis();
            network.cut(master.host(), follower);
            // Longer than a lease.
            sides.awaitMore(master, 400);
            network.heal();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.masterEpoch(), after.masterEpoch(), "nobody was elected");
            check(sides);
            assertEquals(
                    List.of(),
                    sides.sends(master).stream()
                            .filter(send -> send.startMs() > cutAtMs && !send.isAcknowledged())
                            .toList());
        }
    }
}
