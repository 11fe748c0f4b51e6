package io.mqcontroller.controller.cli.ctl;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.output.Format;
import io.mqcontroller.controller.cli.ctl.output.Renderer;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.ServerFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the launcher runs to find out which classes commands need, for the class data archive that makes the next start fast:
 * asks a port where nobody answers, and shows what would be shown if somebody did.
 */
final class WarmUp {
    private WarmUp() {}

    public static void main(String[] args) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session session = new Session(nowhere, nowhere, Map.of("MQCTL_CONTEXTS", "nonexistent"), "", true, true);
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String endpoint = "127.0.0.1:" + deaf.getLocalPort();
            Mqctl.run(session, "status", "--endpoints", endpoint, "--timeout", "50ms");
        }
        Mqctl.run(session, "status", "--help");
        ClusterStatus status = new ClusterStatus(
                List.of(new ClusterStatus.Node(new Endpoint("localhost", 1), Optional.of(sample()), "")));
        for (Format format : Format.values()) {
            Renderer renderer = new Renderer(format, true);
            renderer.render(StatusCommand.report(status));
            renderer.render(GroupReports.describe(group()));
            renderer.render(EventReports.list(List.of(event()), true, ZoneId.systemDefault()));
        }
    }

    private static GroupDetails group() {
        return GroupDetails.newBuilder()
                .setMaster(1)
                .addReplicas(ReplicaDetails.newBuilder()
                        .setBrokerId(1)
                        .setAlive(true)
                        .setMaxOffset(1))
                .build();
    }

    private static Event event() {
        return Event.newBuilder()
                .setKind(EventKind.MASTER_CHANGED)
                .setAtWallMs(1)
                .setDurationMs(1)
                .build();
    }

    private static NodeStatusReply sample() throws InvalidProtocolBufferException {
        ServerFrame frame = ServerFrame.newBuilder()
                .setOperator(OperatorReply.newBuilder()
                        .setNodeStatus(NodeStatusReply.newBuilder()
                                .setNodeId("n0")
                                .addFailedChecks(FailedCheck.newBuilder().setName("leader"))))
                .build();
        return ServerFrame.parseFrom(frame.toByteArray()).getOperator().getNodeStatus();
    }
}
