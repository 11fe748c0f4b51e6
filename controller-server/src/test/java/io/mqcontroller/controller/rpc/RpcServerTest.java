package io.mqcontroller.controller.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.rpc.RpcObserver.Protocol;
import io.mqcontroller.controller.rpc.RpcObserver.Turned;
import io.mqcontroller.raft.transport.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real port with real sockets; whoever takes a connection over answers with a letter of its own and then echoes. */
class RpcServerTest {
    private static final byte[] PEER = {'M', 'Q', 'C', 1, 42, 43};
    private static final byte[] AGENT = {'M', 'Q', 'A', 1, 45};
    private static final byte[] REMOTING = {0, 0, 0, 9, 44};

    private final EventLoops loops = EventLoops.start("test", 2);
    private final List<Protocol> accepted = new CopyOnWriteArrayList<>();
    private final List<Turned> turnedAway = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final RpcObserver observer = new RpcObserver() {
        @Override
        public void onAccepted(Protocol protocol) {
            accepted.add(protocol);
        }

        @Override
        public void onTurnedAway(Turned reason) {
            turnedAway.add(reason);
        }
    };
    private RpcServer server;

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        if (server != null) {
            server.close();
        }
        loops.close();
    }

    @Test
    void peersBrokersAndAgentsShareThePort() throws IOException {
        start(100, 5_000);
        assertEcho('P', PEER, connect(PEER));
        assertEcho('R', REMOTING, connect(REMOTING));
        assertEcho('A', AGENT, connect(AGENT));
        assertEquals(List.of(Protocol.PEER, Protocol.REMOTING, Protocol.AGENT), accepted);
    }

    @Test
    void nothingIsLostWhenBytesComeOneByOne() throws IOException {
        start(100, 5_000);
        Socket socket = connect();
        for (byte b : PEER) {
            socket.getOutputStream().write(b);
            socket.getOutputStream().flush();
        }
        assertEcho('P', PEER, socket);
    }

    @Test
    void aProxyHeaderOfEitherVersionIsTakenOutOfTheWay() throws IOException {
        start(100, 5_000);
        byte[] v1 = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] v2 = ByteBufUtil.decodeHexDump("0d0a0d0a000d0a515549540a2111000cc0a80001c0a8000bdc0401bb");
        for (byte[] header : List.of(v1, v2)) {
            assertEcho('R', REMOTING, connect(header, REMOTING));
            Socket slow = connect();
            for (byte b : header) {
                slow.getOutputStream().write(b);
            }
            assertEcho('P', PEER, connect(header, PEER));
            slow.getOutputStream().write(REMOTING);
            assertEcho('R', REMOTING, slow);
        }
    }

    @Test
    void whatOnlyLooksLikeAProxyHeaderIsTurnedAway() throws IOException {
        start(100, 5_000);
        assertClosed(connect("PROXY NONSENSE\r\n".getBytes(StandardCharsets.US_ASCII)));
        await().until(() -> turnedAway.equals(List.of(Turned.BAD_PROXY_HEADER)));
        byte[] header = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        assertClosed(connect(header, header));
        await().until(() -> turnedAway.equals(List.of(Turned.BAD_PROXY_HEADER, Turned.BAD_PROXY_HEADER)));
    }

    @Test
    void tlsIsTurnedAway() throws IOException {
        start(100, 5_000);
        assertClosed(connect(ByteBufUtil.decodeHexDump("160301020001")));
        assertEquals(List.of(Turned.TLS), turnedAway);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /metrics HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\n"})
    void httpIsToldWhereToGo(String request) throws IOException {
        start(100, 5_000);
        Socket socket = connect(request.getBytes(StandardCharsets.US_ASCII));
        String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(response.startsWith("HTTP/1.1 400 "), response);
        assertTrue(response.contains("9880") && response.contains("httpListenPort"), response);
        assertEquals(List.of(Turned.HTTP), turnedAway);
    }

    @Test
    void aPeerOfAnotherVersionIsTurnedAway() throws IOException {
        start(100, 5_000);
        assertClosed(connect(new byte[] {'M', 'Q', 'C', 2}));
        assertEquals(List.of(Turned.UNKNOWN_PEER_VERSION), turnedAway);
    }

    @Test
    void anAgentWithFramesOfAnotherVersionIsTurnedAway() throws IOException {
        start(100, 5_000);
        assertClosed(connect(new byte[] {'M', 'Q', 'A', 2}));
        assertEquals(List.of(Turned.UNKNOWN_AGENT_VERSION), turnedAway);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "01000000", "0d0b", "4d514400", "53534820", "0d0a0d0a000d0a515549540b"})
    void anythingElseIsTurnedAway(String hex) throws IOException {
        start(100, 5_000);
        assertClosed(connect(ByteBufUtil.decodeHexDump(hex)));
        assertEquals(List.of(Turned.UNKNOWN_PROTOCOL), turnedAway);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4d5143", "0d0a0d0a000d0a515549540a", "50524f58"})
    void whoDoesNotShowWhatItSpeaksIsTurnedAway(String hex) throws IOException {
        start(100, 200);
        assertClosed(connect(ByteBufUtil.decodeHexDump(hex)));
        assertEquals(List.of(Turned.SILENT), turnedAway);
    }

    @Test
    void onlyPeersAreLetInBeyondTheLimit() throws IOException {
        start(2, 5_000);
        assertEcho('R', REMOTING, connect(REMOTING));
        assertEcho('R', REMOTING, connect(REMOTING));

        assertClosed(connect(REMOTING));
        assertClosed(connect(AGENT));
        assertEquals(List.of(Turned.TOO_MANY_CONNECTIONS, Turned.TOO_MANY_CONNECTIONS), turnedAway);
        assertEcho('P', PEER, connect(PEER));

        sockets.get(0).close();
        sockets.get(4).close();
        await().until(() -> server.connections() == 1);
        assertEcho('R', REMOTING, connect(REMOTING));
    }

    @Test
    void stoppingLeavesOpenConnectionsAndClosingEndsThem() throws IOException {
        start(100, 5_000);
        Socket socket = connect(REMOTING);
        assertEcho('R', REMOTING, socket);

        server.stopAccepting();
        assertThrows(IOException.class, this::connect);
        socket.getOutputStream().write(77);
        assertEquals(77, socket.getInputStream().read());

        server.close();
        assertClosed(socket);
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        start(100, 5_000);
        int port = server.address().getPort();
        IOException e = assertThrows(
                IOException.class,
                () -> RpcServer.start(
                        new RpcSettings("127.0.0.1", port, 10, 5_000, 9880),
                        loops,
                        loops,
                        channel -> {},
                        channel -> {},
                        channel -> {},
                        observer));
        assertTrue(e.getMessage().contains("127.0.0.1:" + port), e.getMessage());
    }

    private void start(int maxConnections, long firstBytesTimeoutMs) throws IOException {
        server = RpcServer.start(
                new RpcSettings("127.0.0.1", 0, maxConnections, firstBytesTimeoutMs, 9880),
                loops,
                loops,
                echo('P'),
                echo('R'),
                echo('A'),
                observer);
    }

    private static Handover echo(char letter) {
        return (Channel channel) -> {
            channel.writeAndFlush(channel.alloc().buffer().writeByte(letter));
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.writeAndFlush((ByteBuf) message);
                }
            });
        };
    }

    private Socket connect(byte[]... parts) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        for (byte[] part : parts) {
            socket.getOutputStream().write(part);
        }
        return socket;
    }

    private static void assertEcho(char letter, byte[] sent, Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertEquals(letter, in.readByte());
        byte[] echoed = new byte[sent.length];
        in.readFully(echoed);
        assertArrayEquals(sent, echoed);
    }

    /** Whether by an end of file or by a reset, which depends on what was still on its way. */
    private static void assertClosed(Socket socket) throws IOException {
        int read;
        try {
            read = socket.getInputStream().read();
        } catch (java.net.SocketException e) {
            read = -1;
        }
        assertEquals(-1, read);
    }
}
