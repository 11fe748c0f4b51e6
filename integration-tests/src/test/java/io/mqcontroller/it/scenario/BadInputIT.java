package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.RemotingClient;
import io.mqcontroller.it.cluster.RemotingFrame;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames and requests that make no sense get an answer with a code or a closed connection, and hurt nobody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private Path folder;
    private ControllerCluster controllers;
    private SimulatedGroup bystander;
    private GroupView before;

    @BeforeAll
    void startController() {
        folder = Folders.temporary("bad-input");
        controllers = new ControllerCluster(ControllerKind.underTest(), 1, folder, Map.of());
        controllers.startAll();
        Awaitility.await("the controller is ready")
                .atMost(Duration.ofSeconds(60))
                .until(() -> controllers.isReady() && controllers.leader().isPresent());
    }

    @AfterAll
    void stopController() {
        controllers.close();
        Folders.delete(folder);
    }

    @BeforeEach
    void putBystanderThere() throws IOException {
        bystander = SimulatedGroup.healthy(controllers, 2, 60_000);
        before = bystander.view();
    }

    @AfterEach
    void bystanderIsAsBefore() {
        assertEquals(before, bystander.view());
        bystander.close();
    }

    @ParameterizedTest
    @EnumSource(RemotingFrame.HeaderType.class)
    void frameThatComesByteByByteWorks(RemotingFrame.HeaderType type) throws IOException {
        byte[] frame = new RemotingFrame(
                        ControllerClient.GET_REPLICA_INFO,
                        0,
                        7,
                        "",
                        new TreeMap<>(Map.of("brokerName", bystander.name())),
                        new byte[0],
                        type)
                .encode();
        try (RemotingClient client = connect()) {
            for (byte b : frame) {
                client.sendRaw(new byte[] {b});
            }
            RemotingFrame answer = client.receive(7, 5_000);
            assertEquals(0, answer.code(), answer.remark());
            assertEquals("1", answer.fields().get("masterBrokerId"));
        }
    }

    @Test
    void unknownCodeIsAnsweredWithThree() throws IOException {
        try (RemotingClient client = connect()) {
            assertEquals(3, client.call(4711, Map.of(), "", 5_000).code());
            assertEquals(
                    0,
                    client.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 5_000)
                            .code());
        }
    }

    @Test
    void onewayRequestGetsNoAnswerNotEvenForAnUnknownCode() throws IOException {
        try (RemotingClient client = connect()) {
            client.sendOneway(4711, Map.of());
            int opaque = client.send(ControllerClient.GET_METADATA_INFO, Map.of(), "");
            assertEquals(opaque, client.next(5_000).opaque(), "the first frame back answers the second request");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 16 * 1024 * 1024 + 1})
    void absurdFrameLengthClosesTheConnection(int length) throws IOException {
        try (RemotingClient client = connect()) {
            assertEquals(
                    0,
                    client.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 5_000)
                            .code());
            client.sendRaw(ByteBuffer.allocate(8).putInt(length).putInt(0).array());
            assertClosed(client);
        }
    }

    @Test
    void largeFirstFrameClosesTheConnectionBeforeItIsRead() throws IOException {
        try (RemotingClient client = connect()) {
            client.sendRaw(
                    ByteBuffer.allocate(8).putInt(1024 * 1024).putInt(100).array());
            assertClosed(client);
        }
    }

    @Test
    void headerLongerThanItsFrameClosesTheConnection() throws IOException {
        try (RemotingClient client = connect()) {
            client.sendRaw(ByteBuffer.allocate(24).putInt(20).putInt(17).array());
            assertClosed(client);
        }
    }

    @Test
    void unknownSerializationTypeClosesTheConnection() throws IOException {
        try (RemotingClient client = connect()) {
            client.sendRaw(
                    ByteBuffer.allocate(24).putInt(20).putInt(9 << 24 | 16).array());
            assertClosed(client);
        }
    }

    @Test
    void headerThatIsNoJsonClosesTheConnection() throws IOException {
        byte[] header = "{\"code\":1005,,}".getBytes(StandardCharsets.UTF_8);
        try (RemotingClient client = connect()) {
            client.sendRaw(ByteBuffer.allocate(8 + header.length)
                    .putInt(4 + header.length)
                    .putInt(header.length)
                    .put(header)
                    .array());
            assertClosed(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1002, 1003, 1004, 1006, 1009, 1011, 1012, 1013})
    void everyFieldMissingOrAbsurdIsAnsweredWithACode(int code) throws IOException {
        Map<String, String> sane = new HashMap<>();
        sane.put("clusterName", SimulatedGroup.CLUSTER);
        sane.put("brokerName", "absurd");
        sane.put("brokerId", "1");
        sane.put("masterBrokerId", "1");
        sane.put("masterEpoch", "1");
        sane.put("appliedBrokerId", "1");
        sane.put("registerCheckCode", "127.0.0.1:1;1");
        sane.put("brokerAddress", "127.0.0.1:1");
        sane.put("designateElect", "false");
        sane.put("isCleanLivingBroker", "false");
        try (RemotingClient client = connect()) {
            assertRefused(client, code, Map.of(), "");
            assertRefused(client, code, Map.of("brokerName", ""), "{");
            for (String field : sane.keySet()) {
                for (String absurd :
                        List.of("x", "-9223372036854775808", "99999999999999999999", "\u0000", "a".repeat(30_000))) {
                    Map<String, String> fields = new HashMap<>(sane);
                    fields.put(field, absurd);
                    // Some are harmless to a code that does not read the field; an answer must come all the same.
                    client.call(code, fields, "{\"syncStateSet\":[1,null,-5],\"syncStateSetEpoch\":\"x\"}", 5_000);
                }
            }
            assertEquals(
                    0,
                    client.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 5_000)
                            .code());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"syncStateSet\":null}",
                "{\"syncStateSet\":[1,null],\"syncStateSetEpoch\":1}",
                "{\"syncStateSet\":[\"1\"],\"syncStateSetEpoch\":1}",
                "{\"syncStateSet\":[1,1],\"syncStateSetEpoch\":-3}"
            })
    void absurdSyncStateSetIsRefused(String body) throws IOException {
        try (RemotingClient client = connect()) {
            RemotingFrame answer = client.call(
                    ControllerClient.ALTER_SYNC_STATE_SET,
                    ControllerClient.alterFields(bystander.name(), 1, before.masterEpoch()),
                    body,
                    5_000);
            assertNotEquals(0, answer.code(), answer.bodyText());
        }
    }

    private RemotingClient connect() throws IOException {
        return new RemotingClient(controllers.nodes().get(0).address());
    }

    private static void assertRefused(RemotingClient client, int code, Map<String, String> fields, String body)
            throws IOException {
        RemotingFrame answer = client.call(code, fields, body, 5_000);
        // A config update without a body changes nothing and is a success, as with Apache's.
        assertTrue(answer.code() != 0 || code == ControllerClient.UPDATE_CONFIG, code + " " + fields + " was accepted");
    }

    private static void assertClosed(RemotingClient client) {
        IOException end = assertThrows(IOException.class, () -> client.next(15_000));
        assertTrue(end instanceof EOFException || end instanceof SocketException, "not closed: " + end);
    }
}
