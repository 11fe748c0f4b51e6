package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.remoting.FakeControllerService;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A connection without a socket, with a controller that answers as it is told. */
final class AgentChannel {
    static final NodeId SELF = new NodeId("n0");
    private static final List<EmbeddedChannel> CHANNELS = new ArrayList<>();

    final FakeControllerService service = new FakeControllerService();
    final FakeMembership membership = new FakeMembership();
    final FakeInspector inspector = new FakeInspector();
    final EventHistory history = new EventHistory(100, () -> 1);
    final List<AgentObserver.Cut> cuts = new ArrayList<>();
    final List<StatusCode> answered = new ArrayList<>();
    final List<Boolean> pushes = new ArrayList<>();
    final EmbeddedChannel channel = new EmbeddedChannel();
    final AgentConnections connections;
    int open;
    int paused;
    private final ByteBuf received = Unpooled.buffer();
    private boolean prefaced;

    AgentChannel() {
        this(AgentSettings.DEFAULT);
    }

    AgentChannel(AgentSettings settings) {
        AgentObserver observer = new Recorder();
        connections = new AgentConnections(observer);
        SortedMap<NodeId, String> addresses = new TreeMap<>();
        addresses.put(SELF, "10.0.0.1:9877");
        addresses.put(new NodeId("n1"), "10.0.0.2:9877");
        new AgentProtocol(
                        service,
                        new ControllerMembers("controllers", addresses, AgentChannel::leading),
                        membership,
                        inspector,
                        new OperatorActions(SELF, AgentChannel::leading, history),
                        new ConnectionIds(),
                        connections,
                        settings,
                        "1.2.3",
                        observer)
                .accept(channel);
        CHANNELS.add(channel);
        channel.runPendingTasks();
    }

    private final class Recorder implements AgentObserver {
        @Override
        public void onConnectionOpened() {
            open++;
        }

        @Override
        public void onConnectionClosed() {
            open--;
        }

        @Override
        public void onConnectionCut(Cut reason) {
            cuts.add(reason);
        }

        @Override
        public void onReadingPaused() {
            paused++;
        }

        @Override
        public void onRequest(ClientFrame.KindCase kind, StatusCode code, long elapsedNanos) {
            answered.add(code);
        }

        @Override
        public void onPush(boolean sent) {
            pushes.add(sent);
        }
    }

    private static RaftStatus leading() {
        LogPosition nowhere = new LogPosition(0, 0);
        return new RaftStatus(
                SELF, RoleName.LEADER, true, 1, Optional.of(SELF), 0, 0, nowhere, 0, nowhere, 0, List.of());
    }

    /** Ends all connections of the test, with what they hold. */
    static void releaseAll() {
        CHANNELS.forEach(EmbeddedChannel::finishAndReleaseAll);
        CHANNELS.clear();
    }

    static ClientFrame hello() {
        return hello(NodeKind.AGENT);
    }

    private static ClientFrame hello(NodeKind kind) {
        return ClientFrame.newBuilder()
                .setRequestId(1)
                .setHello(ClientHello.newBuilder().setProtocolVersion(1).setKind(kind))
                .build();
    }

    /** A connection on which hello was said and answered. */
    static AgentChannel greeted() {
        return greeted(AgentSettings.DEFAULT);
    }

    static AgentChannel greeted(NodeKind kind) {
        return greeted(AgentSettings.DEFAULT, kind);
    }

    static AgentChannel greeted(AgentSettings settings) {
        return greeted(settings, NodeKind.AGENT);
    }

    private static AgentChannel greeted(AgentSettings settings, NodeKind kind) {
        AgentChannel agent = new AgentChannel(settings);
        agent.preface();
        assertEquals(StatusCode.OK, agent.call(hello(kind)).getStatus().getCode());
        agent.answered.clear();
        return agent;
    }

    void preface() {
        send(FrameWriter.preface(UnpooledByteBufAllocator.DEFAULT, FrameDecoder.CLIENT_PREFACE));
    }

    boolean send(ByteBuf bytes) {
        channel.writeInbound(bytes);
        channel.runPendingTasks();
        return channel.isOpen();
    }

    void send(MessageLite frame) {
        send(FrameWriter.frame(UnpooledByteBufAllocator.DEFAULT, frame));
    }

    /** Any bytes in a sound frame. */
    void sendPayload(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        send(Unpooled.buffer()
                .writeInt(payload.length)
                .writeInt((int) crc.getValue())
                .writeBytes(payload));
    }

    ServerFrame call(ClientFrame frame) {
        send(frame);
        return receive();
    }

    /** The next frame that was sent, or null. */
    ServerFrame receive() {
        channel.runPendingTasks();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            received.writeBytes(part);
            part.release();
        }
        if (!prefaced && received.readableBytes() >= 4) {
            assertEquals(FrameDecoder.CLIENT_PREFACE, received.readInt());
            prefaced = true;
        }
        if (received.readableBytes() < 8) {
            return null;
        }
        int length = received.readInt();
        received.readInt();
        byte[] payload = new byte[length];
        received.readBytes(payload);
        try {
            return ServerFrame.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
