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
import io.mqcontroller.proto.raft.HelloReply;
import io.mqcontroller.proto.raft.PeerFrame;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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
        private final Queue<NodeId> welcomes = new ConcurrentLinkedQueue<>();
        private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

        End(String cluster, NodeId self, NodeId peer, int peerPort) {
            this(cluster, self, peer, peerPort, PeerStores.FORGETFUL);
        }

        End(String cluster, NodeId self, NodeId peer, int peerPort, PeerStores stores) {
            this(cluster, self, "", peer, peerPort, stores);
        }

        End(String cluster, NodeId self, String address, NodeId peer, int peerPort, PeerStores stores) {
            transport = new NettyTransport(
                    new PeerSettings(
                            cluster,
                            self,
                            address,
                            new TreeMap<>(Map.of(peer, InetSocketAddress.createUnresolved("127.0.0.1", peerPort))),
                            SILENCE_MS,
                            stores),
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

        @Override
        public void onWelcome(NodeId peer) {
            welcomes.add(peer);
        }

        @Override
        public void onRefused(NodeId peer, Refusal refusal) {
            refusals.add(refusal);
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
    void whoIsInNoConfigurationKnownHereIsHeardAndAnsweredAtItsAddress() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        NodeId unknown = new NodeId("n9");
        int n9Port = freePort();
        End n9 = new End("c", unknown, "127.0.0.1:" + n9Port, N1, n1.listen(0).port(), PeerStores.FORGETFUL);
        n9.listen(n9Port);
        sendUntilReceived(n9, n1);
        assertEquals(unknown, n1.received.peek().from());
        await().atMost(PATIENCE).until(() -> {
            n1.transport.send(unknown, GREETING);
            return !n9.received.isEmpty();
        });
    }

    @Test
    void whoWasRemovedIsToldSoAndHeardNoMore() throws Exception {
        End n1 = new End("c", N1, N0, freePort());
        End n0 = new End("c", N0, N1, n1.listen(0).port());
        sendUntilReceived(n0, n1);
        n1.transport.refuse(new TreeSet<>(List.of(N0)));
        await().atMost(PATIENCE).until(() -> {
            n0.transport.send(N1, GREETING);
            return n0.refusals.contains(Refusal.REMOVED);
        });
        n1.received.clear();
        n0.transport.send(N1, GREETING);
        sendUntilLogged(n0, "refused by the peer: n0 was removed from cluster c; to come back it needs a new id");
        assertTrue(n1.received.isEmpty());
    }

    @Test
    void whoComesWithAnotherStoreIsRefused() throws Exception {
        Stores ofN1 = new Stores(1);
        End n1 = new End("c", N1, N0, freePort(), ofN1);
        int port = n1.listen(0).port();
        sendUntilReceived(new End("c", N0, N1, port, new Stores(7)), n1);
        sendUntilReceived(new End("c", N0, N1, port, new Stores(7)), n1);
        End wiped = new End("c", N0, N1, port, new Stores(8));
        await().atMost(PATIENCE).until(() -> {
            wiped.transport.greet();
            return wiped.refusals.contains(Refusal.ANOTHER_STORE);
        });
        Message ofWiped = new Message.TimeoutNow(8);
        await().atMost(PATIENCE).until(() -> {
            wiped.transport.send(N1, ofWiped);
            return logged("n0 comes with another store than the one that n1 knows it by") > 1;
        });
        assertTrue(n1.received.stream().noneMatch(each -> each.what().equals(ofWiped)));
        assertTrue(wiped.welcomes.isEmpty());
    }

    @Test
    void linksFollowTheConfiguration() throws Exception {
        NodeId n2 = new NodeId("n2");
        End n1 = new End("c", N1, N0, freePort());
        End second = new End("c", n2, N0, freePort());
        End n0 = new End("c", N0, N1, n1.listen(0).port());
        int secondPort = second.listen(0).port();
        sendUntilReceived(n0, n1);
        n0.transport.reach(new TreeMap<>(Map.of(N1, "", n2, "127.0.0.1:" + secondPort + ",broker.address:1")));
        await().atMost(PATIENCE).until(() -> {
            n0.transport.send(n2, GREETING);
            return !second.received.isEmpty();
        });
        n1.received.clear();
        sendUntilReceived(n0, n1);
        n0.transport.reach(new TreeMap<>(Map.of(N1, "")));
        assertEquals(1, logged("event=peer_link_closed peer=n2"));
        int moved = n1.listen(0).port();
        n0.transport.reach(new TreeMap<>(Map.of(N1, "127.0.0.1:" + moved)));
        n1.received.clear();
        sendUntilReceived(n0, n1);
        assertEquals(1, logged("event=peer_connected peer=n1 address=127.0.0.1:" + moved));
    }

    @Test
    void aPeerOfTheVersionBeforeIsKnownAsOne() throws Exception {
        try (ServerSocket old = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            End n0 = new End("c", N0, N1, old.getLocalPort());
            n0.transport.greet();
            try (Socket dialled = old.accept()) {
                byte[] reply = PeerFrame.newBuilder()
                        .setHelloReply(HelloReply.newBuilder().setProtocolVersion(1))
                        .build()
                        .toByteArray();
                CRC32C checksum = new CRC32C();
                checksum.update(reply);
                DataOutputStream out = new DataOutputStream(dialled.getOutputStream());
                out.writeInt(FrameDecoder.PEER_PREFACE);
                out.writeInt(reply.length);
                out.writeInt((int) checksum.getValue());
                out.write(reply);
                out.flush();
                await().atMost(PATIENCE).until(() -> n0.welcomes.contains(N1));
                assertEquals(Set.of(N1), n0.transport.without(Transport.MEMBERSHIP));
            }
        }
        End n1 = new End("c", N1, N0, freePort());
        End n0 = new End("c", N0, N1, n1.listen(0).port());
        sendUntilReceived(n0, n1);
        assertEquals(Set.of(), n0.transport.without(Transport.MEMBERSHIP));
    }

    @Test
    void whoIsToBecomeAMemberIsAskedForItsStore() throws Exception {
        NodeId n5 = new NodeId("n5");
        End joining = new End("c", n5, N0, freePort(), new Stores(42));
        End n0 = new End("c", N0, N1, freePort());
        String address = "127.0.0.1:" + joining.listen(0).port();
        assertEquals(42, n0.transport.incarnationOf(n5, address).get(20, TimeUnit.SECONDS));
        for (String wrong : List.of(address + "0", "nowhere", "127.0.0.1:" + freePort())) {
            assertThrows(
                    ExecutionException.class,
                    () -> n0.transport.incarnationOf(n5, wrong).get(20, TimeUnit.SECONDS));
        }
        ExecutionException other = assertThrows(
                ExecutionException.class,
                () -> n0.transport.incarnationOf(new NodeId("n6"), address).get(20, TimeUnit.SECONDS));
        assertTrue(other.getMessage().contains("this is member n5, and n0 wants n6"), other.getMessage());
    }

    /** Remembers in memory. */
    private static final class Stores implements PeerStores {
        private final long own;
        private final Map<NodeId, Long> known = new ConcurrentHashMap<>();

        Stores(long own) {
            this.own = own;
        }

        @Override
        public long ownNumber() {
            return own;
        }

        @Override
        public boolean ownReplacesLost() {
            return false;
        }

        @Override
        public long ownIncarnation() {
            return own;
        }

        @Override
        public boolean isStoreOf(NodeId peer, long number, boolean replaces) {
            return known.computeIfAbsent(peer, first -> number) == number;
        }
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
