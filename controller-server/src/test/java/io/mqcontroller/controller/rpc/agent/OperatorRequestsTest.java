package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.rpc.agent.NodeInspector.Inspection;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.NodeStatusRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
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
        tool.inspection =
                new Inspection(List.of(new Inspection.FailedCheck("disk_space", "little")), 3_000, 500, 60_000);

        assertEquals(expectedStatus(), ask(NODE_STATUS).getOperator().getNodeStatus());
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
