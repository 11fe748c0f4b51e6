package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.ManagedProcess;
import io.mqcontroller.it.cluster.Ports;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three name servers, each with a controller in its process, as the deployment document of RocketMQ shows them. */
class NameServerIT {
    @TempDir
    Path folder;

    @Test
    void controllersInNameServersSwitchMastersAndLosingMostCostsOnlyThat() {
        try (TestCluster cluster = TestCluster.of("namesrv")
                .kind(ControllerKind.OURS_IN_NAME_SERVER)
                .brokerKey("allAckInSyncStateSet", "true")
                .start()) {
            BrokerFailover.run(cluster, Fault.KILLED, "controllers in name servers", () -> {});

            GroupView before = cluster.awaitAllInSync();
            List<ControllerNode> nodes = cluster.controllers().nodes();
            nodes.get(0).process().kill();
            nodes.get(1).process().kill();
            // A producer that starts now gets its routes from the name server that is left.
            try (Workload workload = Workload.start(cluster)) {
                workload.awaitMore(100);
                cluster.controllers().startAll();
                GroupView after = cluster.awaitAllInSync();
                assertEquals(before.master(), after.master());
                assertEquals(before.masterEpoch(), after.masterEpoch());
                workload.finishAndCheck();
            }
        }
    }

    @Test
    void withoutTheSwitchItIsAPlainNameServer() throws IOException {
        int port = Ports.free();
        int controllerPort = Ports.free();
        try (ManagedProcess process =
                start("listenPort=" + port + "\ncontrollerDLegerGroup=g\ncontrollerDLegerSelfId=n0\n"
                        + "controllerDLegerPeers=n0-127.0.0.1:" + controllerPort + "\ncontrollerStorePath="
                        + folder.resolve("store") + "\n")) {
            Awaitility.await("the name server listens")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> listens(port));

            assertTrue(!listens(controllerPort) && Files.notExists(folder.resolve("store")), () -> process.tail(20));
            assertTrue(process.isRunning());
        }
    }

    @Test
    void mistakesOfTheControllersKeysAreNamedBeforeAnythingStarts() throws IOException {
        int port = Ports.free();
        try (ManagedProcess process = start("listenPort=" + port
                + "\nenableControllerInNamesrv=true\norderMessageEnable=false\ncontrollerDLegerSelfID=n0\n")) {
            assertEquals(2, process.awaitExit(60), () -> process.tail(20));

            String output = String.join("\n", process.lines());
            for (String part : List.of("controllerDLegerSelfID", "did you mean", "controllerDLegerPeers is missing")) {
                assertTrue(output.contains(part), output);
            }
            assertTrue(!output.contains("orderMessageEnable"), output);
        }
    }

    @Test
    void aConfigurationThatIsNotThereIsNamed() {
        try (ManagedProcess process = startWith(folder.resolve("absent.conf"))) {
            assertEquals(2, process.awaitExit(60), () -> process.tail(20));
            assertEquals(
                    List.of("mqnamesrv: " + folder.resolve("absent.conf")
                            + " can't be read: give a properties file with -c"),
                    process.lines());
        }
    }

    private ManagedProcess start(String configuration) throws IOException {
        return startWith(Files.writeString(folder.resolve("namesrv.conf"), configuration));
    }

    private ManagedProcess startWith(Path file) {
        return ManagedProcess.start(
                "mqnamesrv",
                folder,
                List.of(Checkout.nameServerLauncher().toString(), "-c", file.toString()),
                Map.of("JAVA_OPTS", "-Xms64m -Xmx128m -XX:TieredStopAtLevel=1 -Duser.home=" + folder));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
