package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.rpc.agent.NodeInspector.Inspection;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ConfigChangeRequest;
import io.mqcontroller.proto.controller.ConfigReply;
import io.mqcontroller.proto.controller.ConfigRequest;
import io.mqcontroller.proto.controller.DiagnosticsRequest;
import io.mqcontroller.proto.controller.DiagnosticsText;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventsRequest;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.LogLevelRequest;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.NodeDrainRequest;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.NodeStatusRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.SnapshotRequest;
import io.mqcontroller.proto.controller.StateHashReply;
import io.mqcontroller.proto.controller.StateHashRequest;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.RoleName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorRequestsTest {
    private static final OperatorRequest NODE_STATUS = OperatorRequest.newBuilder()
            .setNodeStatus(NodeStatusRequest.getDefaultInstance())
            .build();

    private final AgentChannel tool = AgentChannel.greeted();

    @AfterEach
    void releaseAll() {
        AgentChannel.releaseAll();
    }

    @Test
    void aControllerSaysHowItIs() {
        tool.inspector.inspection =
                new Inspection(List.of(new Inspection.FailedCheck("disk_space", "little")), 3_000, 500, 60_000);

        assertEquals(expectedStatus(), ask(NODE_STATUS).getOperator().getNodeStatus());
    }

    @Test
    void aLeaderThatIsDrainedHandsLeadershipOn() {
        OperatorRequest drain = OperatorRequest.newBuilder()
                .setNodeDrain(NodeDrainRequest.newBuilder().setDrained(true))
                .build();
        assertTrue(ask(drain).getOperator().getNodeDrain().getLeads(), "nobody took over");
        assertTrue(tool.inspector.drained);
        tool.membership.transferred = true;
        assertFalse(ask(drain).getOperator().getNodeDrain().getLeads());
        assertEquals(2, tool.membership.asked.size());
        tool.membership.role = RoleName.FOLLOWER;
        assertFalse(ask(drain).getOperator().getNodeDrain().getLeads());
        assertEquals(2, tool.membership.asked.size(), "it has nothing to hand on");
    }

    private static NodeStatusReply expectedStatus() {
        return NodeStatusReply.newBuilder()
                .setNodeId("n0")
                .setControllerCluster("controllers")
                .setSoftwareVersion("1.2.3")
                .setOwnPart(MemberPart.VOTER)
                .setRole(NodeRole.LEADER)
                .setReady(true)
                .setTerm(3)
                .setLeader("n0")
                .setCommitIndex(95)
                .setAppliedIndex(95)
                .setLastIndex(100)
                .setDurableIndex(100)
                .setStoreBytes(3_000)
                .setDiskFreeBytes(500)
                .setUptimeMs(60_000)
                .addFailedChecks(FailedCheck.newBuilder().setName("disk_space").setMessage("little"))
                .build();
    }

    @Test
    void theBytesStayAsTheyWere() throws Exception {
        ClientFrame request = frame(NODE_STATUS);
        assertArrayEquals(golden("node-status-request-v1.hex"), request.toByteArray());
        assertArrayEquals(golden("node-status-reply-v1.hex"), expectedStatus().toByteArray());
        assertEquals(expectedStatus(), NodeStatusReply.parseFrom(golden("node-status-reply-v1.hex")));
    }

    @Test
    void theLevelOfALoggerIsReadAndSet() {
        assertEquals("INFO", level("", "").getOperator().getLogLevel().getLevel());
        assertEquals("DEBUG", level("", "debug").getOperator().getLogLevel().getLevel());
        assertEquals(StatusCode.BAD_REQUEST, level("", "loud").getStatus().getCode());
        assertEquals(
                StatusCode.BAD_REQUEST, level("nobody", "debug").getStatus().getCode());
    }

    private ServerFrame level(String logger, String level) {
        return ask(OperatorRequest.newBuilder()
                .setLogLevel(LogLevelRequest.newBuilder().setLogger(logger).setLevel(level))
                .build());
    }

    @Test
    void aKeyIsChangedOrRefusedAndNothingIsWhenItIsOnlyTried() {
        ServerFrame tried = change("bindAddress", "10.0.0.1", true);
        assertEquals("127.0.0.1", tried.getOperator().getConfigChange().getValueBefore());
        assertEquals("127.0.0.1", tool.inspector.configuration.get("bindAddress"));
        change("bindAddress", "10.0.0.1", false);
        assertEquals("10.0.0.1", tool.inspector.configuration.get("bindAddress"));
        assertEquals(
                StatusCode.PRECONDITION_FAILED,
                change("nonsense", "1", false).getStatus().getCode());
    }

    private ServerFrame change(String key, String value, boolean dryRun) {
        return ask(OperatorRequest.newBuilder()
                .setConfigChange(ConfigChangeRequest.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setDryRun(dryRun))
                .build());
    }

    @Test
    void diagnosticsAreTextsWithNames() {
        assertEquals(
                List.of(DiagnosticsText.newBuilder()
                        .setName("log.txt")
                        .setText("all is well\n")
                        .build()),
                ask(OperatorRequest.newBuilder()
                                .setDiagnostics(DiagnosticsRequest.getDefaultInstance())
                                .build())
                        .getOperator()
                        .getDiagnostics()
                        .getTextsList());
    }

    @Test
    void partsOfACaptureThatIsForgottenAreNotThere() {
        tool.inspector.captured =
                Optional.of(new NodeInspector.CapturedPart(7, 3, ByteString.copyFrom(new byte[] {1, 2, 3})));
        assertEquals(7, part(7, 0).getOperator().getSnapshot().getCapture());
        assertEquals(3, part(7, 0).getOperator().getSnapshot().getTotalBytes());
        assertEquals(0, part(8, 0).getOperator().getSnapshot().getCapture());
        assertEquals(StatusCode.BAD_REQUEST, part(7, -1).getStatus().getCode());
    }

    private ServerFrame part(long capture, long offset) {
        return ask(OperatorRequest.newBuilder()
                .setSnapshot(SnapshotRequest.newBuilder().setCapture(capture).setOffset(offset))
                .build());
    }

    @Test
    void theHashOfAStateSaysOfWhich() {
        OperatorRequest request = OperatorRequest.newBuilder()
                .setStateHash(StateHashRequest.newBuilder().setIndex(9))
                .build();
        assertFalse(ask(request).getOperator().getStateHash().getKnown());
        tool.inspector.stateHash = Optional.of(new NodeInspector.StateHash(3, 7, "00ff", 2));
        StateHashReply reply = ask(request).getOperator().getStateHash();
        assertEquals(
                StateHashReply.newBuilder()
                        .setKnown(true)
                        .setDecidedTerm(3)
                        .setSequence(7)
                        .setHash(ByteString.copyFrom(new byte[] {0, -1}))
                        .setGroups(2)
                        .build(),
                reply);
    }

    @Test
    void theHistoryIsToldByGroupAndTheNewestOnes() {
        for (int i = 1; i <= 3; i++) {
            tool.inspector.history.add(new EventHistory.Seen(election(i, "g" + i % 2), 1_000L * i));
        }
        assertEquals(List.of(1L, 2L, 3L), indexes(EventsRequest.newBuilder()));
        assertEquals(List.of(1L, 3L), indexes(EventsRequest.newBuilder().setBrokerName("g1")));
        assertEquals(List.of(3L), indexes(EventsRequest.newBuilder().setLimit(1)));
        assertEquals(List.of(3L), indexes(EventsRequest.newBuilder().setAfterIndex(2)));
        Event event = events(EventsRequest.newBuilder().setLimit(1)).get(0);
        assertEquals("master dead", event.getCause());
        assertEquals(120, event.getDurationMs());
        assertEquals(List.of("2, in sync: alive"), event.getInputsList());
    }

    private List<Long> indexes(EventsRequest.Builder request) {
        return events(request).stream().map(Event::getIndex).toList();
    }

    private List<Event> events(EventsRequest.Builder request) {
        return ask(OperatorRequest.newBuilder().setEvents(request).build())
                .getOperator()
                .getEvents()
                .getEventsList();
    }

    private static HistoryEvent election(long index, String group) {
        HistoryEvent.Roles roles = new HistoryEvent.Roles(Optional.empty(), 1, SyncStateSet.EMPTY);
        return new HistoryEvent(
                HistoryEvent.Kind.MASTER_CHANGED,
                index,
                0,
                1,
                Optional.of(new GroupKey("C", group)),
                roles,
                roles,
                "master dead",
                false,
                Optional.of(new HistoryEvent.Decided(List.of("2, in sync: alive"), OptionalLong.of(120))),
                Optional.empty(),
                false);
    }

    @Test
    void theConfigurationInForceIsTold() {
        ConfigReply reply = ask(OperatorRequest.newBuilder()
                        .setConfig(ConfigRequest.getDefaultInstance())
                        .build())
                .getOperator()
                .getConfig();
        assertEquals("bindAddress", reply.getValues(0).getKey());
    }

    @Test
    void whatIsNotKnownIsRefusedAsSuch() {
        ServerFrame answer = ask(OperatorRequest.getDefaultInstance());
        assertEquals(StatusCode.UNSUPPORTED, answer.getStatus().getCode());
        assertTrue(
                answer.getStatus().getMessage().contains("upgrade"),
                answer.getStatus().getMessage());
    }

    private ServerFrame ask(OperatorRequest request) {
        return tool.call(frame(request));
    }

    private static ClientFrame frame(OperatorRequest request) {
        return ClientFrame.newBuilder().setRequestId(7).setOperator(request).build();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = OperatorRequestsTest.class.getResourceAsStream("/golden/" + name)) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
