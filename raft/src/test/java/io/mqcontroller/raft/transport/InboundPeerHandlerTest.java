package io.mqcontroller.raft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.raft.Hello;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.raft.codec.MessageCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection is its first frame's: that is why the others don't say whose they are. */
class InboundPeerHandlerTest {
    private static final NodeId N0 = new NodeId("n0");
    private static final NodeId N1 = new NodeId("n1");
    private static final PeerFrame MESSAGE = MessageCodec.encode(new Message.TimeoutNow(7));

    private final List<NodeId> senders = new ArrayList<>();
    private final EventLoops loops = EventLoops.start("inbound-test", 1);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final PeerSettings settings = new PeerSettings(
            "right",
            N1,
            "",
            new TreeMap<>(Map.of(N0, InetSocketAddress.createUnresolved("127.0.0.1", 1))),
            1_000,
            PeerStores.FORGETFUL);
    private final EmbeddedChannel channel = new EmbeddedChannel(new InboundPeerHandler(
            settings,
            new Transport.Receiver() {
                @Override
                public void onMessage(NodeId from, Message message) {
                    senders.add(from);
                }

                @Override
                public void onApplicationMessage(NodeId from, Bytes payload) {
                    senders.add(from);
                }

                @Override
                public void onWelcome(NodeId peer) {}

                @Override
                public void onRefused(NodeId peer, Refusal refusal) {}
            },
            new ConcurrentHashMap<>(),
            new RefusalLog(),
            new Admission(settings, Runnable::run),
            new PeerLinks(settings, loops, thread, new PeerLink.Observer() {
                @Override
                public void onWelcome(NodeId peer) {}

                @Override
                public void onRefused(NodeId peer, Refusal refusal) {}
            })));

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
        thread.shutdownNow();
        loops.close();
    }

    private void receive(PeerFrame frame) {
        // Into the pipeline, for what was read before a close still comes after it.
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(frame.toByteArray()));
        channel.runPendingTasks();
    }

    private static PeerFrame hello(String cluster) {
        return PeerFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocolVersion(1)
                        .setCluster(cluster)
                        .setNodeId(N0.value())
                        .setWantedNodeId(N1.value()))
                .build();
    }

    @Test
    void nothingIsDeliveredBeforeHello() {
        receive(MESSAGE);
        assertFalse(channel.isOpen());
        receive(hello("right"));
        receive(MESSAGE);
        assertTrue(senders.isEmpty());
    }

    @Test
    void nothingIsDeliveredBehindAHelloOfAnotherCluster() {
        receive(hello("wrong"));
        receive(MESSAGE);
        receive(MessageCodec.encodeApplication(Bytes.utf8("x")));
        receive(hello("right"));
        receive(MESSAGE);
        assertTrue(senders.isEmpty());
        assertFalse(channel.isOpen());
    }

    @Test
    void aSecondHelloMakesNobodyElseOfASender() {
        receive(hello("right"));
        receive(MESSAGE);
        receive(hello("wrong"));
        receive(MESSAGE);
        assertEquals(List.of(N0, N0), senders);
    }
}
