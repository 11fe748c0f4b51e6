package io.mqcontroller.raft.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NettyTransportTest {
    private static final NodeId N0 = new NodeId("n0");
    private static final NodeId N1 = new NodeId("n1");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long SILENCE_MS = 2_000;
    private static final Message GREETING = new Message.TimeoutNow(1);

    private final EventLoops loops = EventLoops.start("transport-test", 2);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listenToTheLog() {
        lines.start();
        packageLogger().setLevel(Level.INFO);
        packageLogger().addAppender(lines);
    }

    @AfterEach
    void closeAll() throws Exception {
        packageLogger().setLevel(null);
        packageLogger().detachAppender(lines);
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        loops.close();
    }

    private static Logger packageLogger() {
        return (Logger) LoggerFactory.getLogger("io.mqcontroller.raft.transport");
    }

    private record Received(NodeId from, Object what) {}

    /** One end: a transport, and what it received. */
    private final class End implements Transport.Receiver {
        private final NettyTransport transport;
        private final Queue<Received> received = new ConcurrentLinkedQueue<>();

        End(String cluster, NodeId self, NodeId peer, int peerPort) {
            transport = new NettyTransport(
                    new PeerSettings(
                            cluster,
                            self,
                            new TreeMap<>(Map.of(peer, InetSocketAddress.createUnresolved("127.0.0.1", peerPort))),
                            SILENCE_MS),
                    loops);
            transport.start(this);
            opened.add(transport);
        }

        PeerListener listen(int port) {
            PeerListener listener = PeerListener.listen(port, transport, loops);
            opened.add(listener);
            return listener;
        }

        List<Received> receivedBut(Message ignored) {
            return received.stream()
                    .filter(each -> !each.what().equals(ignored))
                    .toList();
        }

        @Override
        public void onMessage(NodeId from, Message message) {
            received.add(new Received(from, message));
        }

        @Override
        public void onApplicationMessage(NodeId from, Bytes payload) {
            received.add(new Received(from, payload));
        }
    }

    @Test
    void messagesArriveInOrderWithTheirSender() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        End n0 = new End("c", N0, N1, n1.listen(0).port());
        // What is sent while a connection can't be made in time is lost, and here all must arrive.
        sendUntilReceived(n0, n1);
        List<Received> sent = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            Message message = i % 3 == 0 ? append(i, 100) : new Message.VoteReply(i, true);
            n0.transport.send(N1, message);
            sent.add(new Received(N0, message));
            if (i % 100 == 0) {
                Bytes payload = Bytes.utf8("payload " + i);
                n0.transport.sendApplication(N1, payload);
                sent.add(new Received(N0, payload));
            }
        }
        await().atMost(PATIENCE).until(() -> n1.receivedBut(GREETING).size() == sent.size());
        assertEquals(sent, n1.receivedBut(GREETING));
    }

    @Test
    void largeMessagesArriveWhole() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        End n0 = new End("c", N0, N1, n1.listen(0).port());
        Message large = append(1, 8 << 20);
        n0.transport.send(N1, large);
        await().atMost(PATIENCE).until(() -> !n1.received.isEmpty());
        assertEquals(new Received(N0, large), n1.received.peek());
        assertThrows(
                IllegalArgumentException.class,
                () -> n0.transport.sendApplication(N1, Bytes.wrap(new byte[FrameDecoder.MAX_PAYLOAD_BYTES])));
    }

    @Test
    void aPeerThatComesLaterIsFoundAndOneLineIsLoggedMeanwhile() throws Exception {
        int port = freePort();
        End n0 = new End("c", N0, N1, port);
        for (int i = 0; i < 50; i++) {
            n0.transport.send(N1, new Message.TimeoutNow(i));
        }
        await().atMost(PATIENCE).until(() -> logged("event=peer_unreachable peer=n1") == 1);
        End n1 = new End("c", N1, N0, freePort());
        n1.listen(port);
        sendUntilReceived(n0, n1);
        assertEquals(1, logged("event=peer_unreachable peer=n1"));
        assertEquals(1, logged("event=peer_connected peer=n1"));
    }

    @Test
    void aConnectionThatWasCutIsDialledAgain() throws Exception {
        int port = freePort();
        End n0 = new End("c", N0, N1, port);
        End first = new End("c", N1, N0, freePort());
        PeerListener listener = first.listen(port);
        sendUntilReceived(n0, first);
        listener.close();
        first.transport.close();
        await().atMost(PATIENCE).until(() -> logged("event=peer_unreachable peer=n1") >= 1);
        End second = new End("c", N1, N0, freePort());
        second.listen(port);
        sendUntilReceived(n0, second);
    }

    @Test
    void aMemberOfAnotherClusterIsRefusedOnBothSides() throws Exception {
        End n1 = new End("right", N1, N0, freePort());
        End n0 = new End("wrong", N0, N1, n1.listen(0).port());
        String reason = "n0 is a member of cluster wrong, and this is n1 of cluster right";
        sendUntilLogged(n0, "peer=n1", "cause=\"refused by the peer: " + reason + "\"");
        assertEquals(1, logged("event=peer_refused", "reason=\"" + reason + "\""));
        assertTrue(n1.received.isEmpty());
    }

    @Test
    void aMemberThatIsReachedUnderAnothersAddressRefuses() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        End n0 = new End("c", N0, new NodeId("n2"), n1.listen(0).port());
        n0.transport.send(new NodeId("n2"), new Message.TimeoutNow(1));
        await().atMost(PATIENCE).until(() -> logged("this is member n1, and n0 wants n2") > 0);
        assertTrue(n1.received.isEmpty());
    }

    @Test
    void aStrangerIsRefused() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        End n9 = new End("c", new NodeId("n9"), N1, n1.listen(0).port());
        sendUntilLogged(n9, "n9 is none of the peers of n1, [n0]");
        assertTrue(n1.received.isEmpty());
    }

    @Test
    void garbageClosesItsConnectionAndHurtsNobodyElse() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        int port = n1.listen(0).port();
        End n0 = new End("c", N0, N1, port);
        sendUntilReceived(n0, n1);
        try (Socket garbage = new Socket(InetAddress.getLoopbackAddress(), port)) {
            garbage.setSoTimeout((int) PATIENCE.toMillis());
            DataOutputStream out = new DataOutputStream(garbage.getOutputStream());
            out.writeInt(FrameDecoder.PEER_PREFACE);
            out.writeInt(Integer.MAX_VALUE);
            out.writeInt(0);
            out.flush();
            assertEquals(-1, garbage.getInputStream().read());
        }
        assertEquals(1, logged("this one claims 2147483647"));
        n1.received.clear();
        sendUntilReceived(n0, n1);
    }

    @Test
    void aPeerThatAnswersNothingAnyMoreIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            End n0 = new End("c", N0, N1, silent.getLocalPort());
            sendUntilLogged(n0, "the peer has answered nothing for longer than 2000 ms");
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        try (Socket mute =
                new Socket(InetAddress.getLoopbackAddress(), n1.listen(0).port())) {
            mute.setSoTimeout((int) PATIENCE.toMillis());
            assertEquals(-1, mute.getInputStream().read());
        }
    }

    @Test
    void aPeerThatReadsNothingCostsBoundedMemory() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            End n0 = new End("c", N0, N1, silent.getLocalPort());
            // 2 GiB if all of it were kept; the test's heap has less.
            Message large = append(1, 1 << 20);
            for (int i = 0; i < 2_000; i++) {
                n0.transport.send(N1, large);
            }
            sendUntilLogged(n0, "the peer has answered nothing");
        }
    }

    private static Message append(long index, int bytes) {
        Entry entry = Entry.create(
                0, new LogPosition(1, index), EntryKind.COMMAND, new ProposalId(1, index), Bytes.wrap(new byte[bytes]));
        return new Message.AppendEntries(1, LogPosition.ZERO, 0, List.of(entry), 0, 0);
    }

    private void sendUntilReceived(End from, End to) {
        await().atMost(PATIENCE).until(() -> {
            from.transport.send(N1, GREETING);
            return !to.received.isEmpty();
        });
    }

    private void sendUntilLogged(End from, String... parts) {
        await().atMost(PATIENCE).until(() -> {
            from.transport.send(N1, GREETING);
            return logged(parts) > 0;
        });
    }

    private long logged(String... parts) {
        return List.copyOf(lines.list).stream()
                .filter(line -> Stream.of(parts).allMatch(line.getFormattedMessage()::contains))
                .count();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
