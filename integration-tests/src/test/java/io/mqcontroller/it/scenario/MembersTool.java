package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembersRequest;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.zip.CRC32C;

/** Asks one controller, and has it change things: the protocol of tools, byte by byte. */
final class MembersTool implements AutoCloseable {
    private static final int PREFACE = 0x4D514101;
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private long requests;

    private MembersTool(String address) throws IOException {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(PREFACE);
        call(ClientFrame.newBuilder()
                .setHello(ClientHello.newBuilder().setProtocolVersion(1).setKind(NodeKind.TOOL)));
    }

    static MembersReply members(ControllerNode node) throws IOException {
        try (MembersTool tool = new MembersTool(node.address())) {
            return tool.call(ClientFrame.newBuilder().setMembers(MembersRequest.getDefaultInstance()))
                    .getMembers();
        }
    }

    static ServerFrame change(ControllerNode node, MembershipRequest.Builder change) throws IOException {
        try (MembersTool tool = new MembersTool(node.address())) {
            return tool.call(ClientFrame.newBuilder().setMembership(change));
        }
    }

    /** A planned switch-over of the test brokers' group, within RocketMQ's own send timeout. */
    static ServerFrame switchOver(ControllerNode node, long to) throws IOException {
        try (MembersTool tool = new MembersTool(node.address())) {
            return tool.call(ClientFrame.newBuilder()
                    .setSwitchOver(SwitchOverRequest.newBuilder()
                            .setGroup(GroupName.newBuilder()
                                    .setCluster(Broker.CLUSTER)
                                    .setBrokerName(TestCluster.GROUP))
                            .setTo(to)));
        }
    }

    private ServerFrame call(ClientFrame.Builder request) throws IOException {
        byte[] payload = request.setRequestId(++requests).build().toByteArray();
        CRC32C checksum = new CRC32C();
        checksum.update(payload);
        out.writeInt(payload.length);
        out.writeInt((int) checksum.getValue());
        out.write(payload);
        out.flush();
        if (requests == 1 && in.readInt() != PREFACE) {
            throw new IOException("this is no controller");
        }
        byte[] answer = new byte[in.readInt()];
        in.readInt();
        in.readFully(answer);
        return ServerFrame.parseFrom(answer);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
