package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.fault.BitFlip;
import io.mqcontroller.it.fault.SmallDisk;
import io.mqcontroller.raft.process.Strace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three controllers, each with a small disk of its own, which is damaged, full, or fails while groups are registered. Nothing
 * acknowledged is missing afterwards.
 */
@Tag("network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerDiskIT {
    private static final int DISK_MEGABYTES = 192;
    private static final int RESERVE_MEGABYTES = 16;
    private static final int FAILED = 1;

    private final Map<ControllerNode, SmallDisk> disks = new HashMap<>();
    /** How much of each one's output belongs to earlier tests. */
    private final Map<ControllerNode, Integer> linesBefore = new HashMap<>();

    private Path folder;
    private ControllerCluster controllers;
    private RegistrationLoad load;

    @BeforeAll
    void makeDisks() {
        folder = Folders.temporary("disks");
        controllers = new ControllerCluster(
                ControllerKind.OURS, 3, folder, Map.of("diskReserveMegabytes", Integer.toString(RESERVE_MEGABYTES)));
        for (ControllerNode node : controllers.nodes()) {
            disks.put(node, SmallDisk.mountAt(node.storePath(), DISK_MEGABYTES));
        }
    }

    @AfterAll
    void stopControllers() {
        controllers.close();
        disks.values().forEach(SmallDisk::close);
        Folders.delete(folder);
    }

    @BeforeEach
    void startLoad() {
        disks.values().forEach(SmallDisk::makeRoom);
        controllers.startAll();
        await("all are ready", controllers::isReady);
        controllers
                .nodes()
                .forEach(node -> linesBefore.put(node, node.process().lines().size()));
        load = new RegistrationLoad(controllers);
        load.awaitMore(10);
    }

    @AfterEach
    void nothingAcknowledgedIsMissing() throws IOException {
        assertEquals(List.of(), load.lost());
    }

    @ParameterizedTest
    @ValueSource(strings = {".log", ".sst"})
    void aDamagedStoreIsKeptAsideAndFilledAgain(String ending) {
        ControllerNode victim = anyFollower();
        victim.process().kill();
        if (ending.equals(".sst")) {
            // What the log held is moved to a table when the store is opened.
            controllers.start(victim);
            await("it is back", victim::isReady);
            victim.process().kill();
        }
        load.awaitMore(10);
        int keptBefore = keptAside(victim);
        BitFlip.inTheLargest(victim.storePath().resolve("raft"), ending);
        controllers.start(victim);
        await("it is whole", () -> !said(victim, "event=store_recovered ").isEmpty() && victim.isReady());
        assertEquals(1, said(victim, "event=store_damaged kept_at=").size(), () -> controllers.describe());
        assertEquals(1, said(victim, "event=store_recovered ").size(), () -> controllers.describe());
        assertEquals(keptBefore + 1, keptAside(victim));

        // With one of the others gone it is half of the majority.
        controllers.awaitLeader().process().kill();
        load.awaitMore(10);
    }

    @Test
    void aFollowerWhoseDiskIsFullSaysSoAndDisturbsNobody() {
        ControllerNode leader = controllers.awaitLeader();
        ControllerNode victim = anyFollower();
        disks.get(victim).fill();
        awaitFullDiskIsNamed(victim);
        load.awaitMore(20);
        assertTrue(leader.saysItLeads(), () -> controllers.describe());
        makeRoom(victim);
        load.awaitMore(10);
    }

    @Test
    void aLeaderWhoseDiskIsFullHandsOnAndComesBackFromItsReserve() {
        ControllerNode victim = controllers.awaitLeader();
        disks.get(victim).fill();
        await(
                "another one leads",
                () -> controllers.leader().filter(node -> node != victim).isPresent());
        awaitFullDiskIsNamed(victim);
        load.awaitMore(10);

        // To open its store it needs room.
        victim.process().kill();
        controllers.start(victim);
        await("it has freed its reserve", () -> !said(victim, "now=\"the reserve is freed\"")
                .isEmpty());
        await("it follows", () -> victim.httpError("/readyz").contains("\"disk_space\""));
        makeRoom(victim);
        assertEquals(
                RESERVE_MEGABYTES << 20,
                victim.storePath().resolve("reserve").toFile().length());
        load.awaitMore(10);
    }

    @Test
    void withAllDisksFullChangesAreRefusedByNameAndReadsAnswered() {
        disks.values().forEach(SmallDisk::fill);
        controllers.nodes().forEach(this::awaitFullDiskIsNamed);
        await("a change is refused by name", () -> {
            Answer refused = answerOfTheLeader();
            return refused.code() == 2 && refused.remark().contains("disks are full");
        });
        await("a read is answered", this::leaderKnowsAGroup);
        controllers.nodes().forEach(this::makeRoom);
        load.awaitMore(10);
    }

    @ParameterizedTest
    @CsvSource({"true, 9", "false, 1"})
    @DisabledIfSystemProperty(named = "it.skipStrace", matches = "true")
    void aControllerWhoseSyncFailsEndsAndTheOthersGoOn(boolean leads, int sync) throws IOException {
        ControllerNode victim = leads ? controllers.awaitLeader() : anyFollower();
        Strace strace = Strace.attach(victim.process().pid(), "error=EIO:when=" + sync);
        try {
            assertEquals(FAILED, victim.process().awaitExit(60));
        } finally {
            strace.close();
        }
        assertNotEquals(List.of(), said(victim, "event=fatal "));
        load.awaitMore(10);
        controllers.start(victim);
        await("it is back", victim::isReady);
    }

    // ---- what is seen, and done to disks

    private void awaitFullDiskIsNamed(ControllerNode node) {
        await(node.id() + " says that its disk is full", () -> !said(node, "event=disk_full ")
                .isEmpty());
        assertEquals(503, node.httpStatus("/readyz"));
        assertTrue(node.httpError("/readyz").contains("\"disk_space\""), () -> node.httpError("/readyz"));
    }

    private void makeRoom(ControllerNode node) {
        disks.get(node).makeRoom();
        await(node.id() + " has room", () -> !said(node, "event=disk_has_room ").isEmpty() && node.isReady());
    }

    private Answer answerOfTheLeader() throws IOException {
        try (ControllerClient client = controllers.connectToLeader()) {
            return client.applyBrokerId(RegistrationLoad.CLUSTER, "not-taken", 1, "127.0.0.1:1;1");
        }
    }

    private boolean leaderKnowsAGroup() throws IOException {
        try (ControllerClient client = controllers.connectToLeader()) {
            Answer answer = client.nextBrokerId(RegistrationLoad.CLUSTER, load.anyGroup());
            return answer.code() == 0 && answer.number("nextBrokerId") == 2;
        }
    }

    private ControllerNode anyFollower() {
        ControllerNode leader = controllers.awaitLeader();
        return controllers.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    private static int keptAside(ControllerNode node) {
        String[] names = node.storePath().toFile().list((where, name) -> name.startsWith("raft.damaged-"));
        return names.length;
    }

    /** Lines of this test. */
    private List<String> said(ControllerNode node, String text) {
        return node.process().lines().stream()
                .skip(linesBefore.get(node))
                .filter(line -> line.contains(text))
                .toList();
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(50))
                    .until(condition);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not within 120 s: " + what + "\n" + controllers.describe(), late);
        }
    }
}
