package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.OperatorCommand;
import io.mqcontroller.it.cluster.OperatorCommand.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose controllers lose all their stores is made anew from a file that an operator kept. */
class SnapshotIT {
    /** A machine that has much to do must not change the leader in the middle of what is looked at. */
    private static final Map<String, String> UNHURRIED = Map.of("raftElectionTimeoutMs", "3000");

    private static final long AWAIT_S = 60;

    @TempDir
    Path folder;

    @Test
    void controllersThatLostEverythingGoOnFromASnapshotUnderHigherEpochs() throws IOException {
        try (ControllerCluster controllers = new ControllerCluster(ControllerKind.OURS, 3, folder, UNHURRIED)) {
            controllers.startAll();
            OperatorCommand mqctl =
                    new OperatorCommand(folder, controllers.addresses().replace(';', ','));
            controllers.awaitLeader();
            try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2)) {
                save(mqctl);
                // What happens afterwards is not in the file; the brokers remember it.
                group.expect(0, group.client().elect(SimulatedGroup.CLUSTER, group.name(), 2, true));
                int epochSeen = group.awaitMaster(2).masterEpoch();
                controllers.killAll();
                refuseWhatIsNotWhole(mqctl, controllers);
                restore(mqctl, controllers);

                controllers.startAll();
                controllers.awaitLeader();
                assertSucceeds(mqctl.run("group", "list", "-o", "plain"), "C\t" + group.name() + "\t");
                GroupView elected = electAgain(controllers, group, epochSeen);
                assertTrue(elected.masterEpoch() > epochSeen + 900, elected::toString);
                assertSucceeds(mqctl.run("verify"), "hold the same");
            }
        }
    }

    private void save(OperatorCommand mqctl) {
        assertSucceeds(mqctl.run("snapshot", "save", "state.snapshot"), "hash");
        assertEquals(4, mqctl.run("snapshot", "save", "state.snapshot").exitCode(), "nothing is written over");
        Result status = mqctl.run("snapshot", "status", "state.snapshot", "-o", "json");
        assertSucceeds(status, "\"cluster\" : \"it\"");
        assertSucceeds(status, "\"replicas\" : 2");
    }

    private void refuseWhatIsNotWhole(OperatorCommand mqctl, ControllerCluster controllers) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("state.snapshot"));
        Files.write(folder.resolve("cut.snapshot"), Arrays.copyOf(whole, whole.length - 40));
        String config = configOf(controllers.nodes().get(0));
        Result cut = mqctl.run("snapshot", "restore", "cut.snapshot", "-c", config);
        assertEquals(1, cut.exitCode(), cut::toString);
        assertTrue(cut.errors().contains("cut short"), cut::toString);
        Result sameCluster = mqctl.run("snapshot", "restore", "state.snapshot", "-c", config);
        assertEquals(4, sameCluster.exitCode(), sameCluster::toString);
    }

    private void restore(OperatorCommand mqctl, ControllerCluster controllers) {
        controllers.nodes().forEach(ControllerNode::wipe);
        controllers.configure("controllerDLegerGroup", "restored");
        for (ControllerNode node : controllers.nodes()) {
            String config = controllers.writeConfiguration(node).toString();
            assertSucceeds(mqctl.run("snapshot", "restore", "state.snapshot", "-c", config), "made");
        }
    }

    private String configOf(ControllerNode node) {
        return folder.resolve(node.id() + ".conf").toString();
    }

    /** As brokers do that lived on: they find the controllers again, and tell how far their logs are. */
    private static GroupView electAgain(ControllerCluster controllers, SimulatedGroup group, int epochSeen)
            throws IOException {
        try (ControllerClient client = controllers.connectToLeader()) {
            for (long id = 1; id <= 2; id++) {
                group.expect(
                        0,
                        client.register(
                                SimulatedGroup.CLUSTER,
                                group.name(),
                                id,
                                group.broker(id).address()));
                group.broker(id)
                        .reporting(epochSeen, 100 * id)
                        .beatTo(controllers.awaitLeader().address());
            }
            return Awaitility.await("the longest log is master")
                    .atMost(Duration.ofSeconds(AWAIT_S))
                    .until(() -> client.group(group.name()), view -> view.filter(v -> v.isMaster(2))
                            .isPresent())
                    .orElseThrow();
        }
    }

    private static void assertSucceeds(Result result, String part) {
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.output().contains(part), result::toString);
    }
}
