package io.mqcontroller.controller.cli.ctl;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.output.Format;
import io.mqcontroller.controller.cli.ctl.output.Renderer;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ServerFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
        Session session = new Session(nowhere, nowhere, Map.of("MQCTL_CONTEXTS", "nonexistent"), "", true);
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String endpoint = "127.0.0.1:" + deaf.getLocalPort();
            Mqctl.run(session, "status", "--endpoints", endpoint, "--timeout", "50ms");
        }
        Mqctl.run(session, "status", "--help");
        ClusterStatus status = new ClusterStatus(
                List.of(new ClusterStatus.Node(new Endpoint("localhost", 1), Optional.of(sample()), "")));
        for (Format format : Format.values()) {
            new Renderer(format, true).render(StatusCommand.report(status));
        }
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
