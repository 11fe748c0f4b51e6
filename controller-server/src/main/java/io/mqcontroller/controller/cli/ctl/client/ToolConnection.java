package io.mqcontroller.controller.cli.ctl.client;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** One connection to one controller, on which hello was said. Not thread safe. */
final class ToolConnection implements AutoCloseable {
    private static final int PREFACE = 0x4D51_4101;
    private static final int HEAD_BYTES = 8;
    private static final int MAX_PAYLOAD_BYTES = 16 << 20;
    private static final int PROTOCOL_VERSION = 1;

    private final Socket socket;
    private final DataInputStream in;
    private long lastRequestId;

    private ToolConnection(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /**
     * @param version of this software
     * @throws IOException also if who answers there is no controller, or refuses
     */
    static ToolConnection open(Endpoint endpoint, String version, int timeoutMs) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
            if (address.isUnresolved()) {
                throw new UnknownHostException("no host is known by the name " + endpoint.host());
            }
            socket.connect(address, timeoutMs);
            socket.setTcpNoDelay(true);
            ToolConnection connection = new ToolConnection(socket);
            connection.greet(version, timeoutMs);
            return connection;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void greet(String version, int timeoutMs) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES).putInt(PREFACE).array());
        ServerFrame answer = call(
                ClientFrame.newBuilder()
                        .setHello(ClientHello.newBuilder()
                                .setProtocolVersion(PROTOCOL_VERSION)
                                .setKind(NodeKind.TOOL)
                                .setSoftwareVersion(version)),
                timeoutMs);
        if (answer.getStatus().getCode() != StatusCode.OK) {
            throw new IOException(answer.getStatus().getMessage());
        }
    }

    /** Sends a request, and waits for its answer. */
    ServerFrame call(ClientFrame.Builder request, int timeoutMs) throws IOException {
        long id = ++lastRequestId;
        byte[] payload = request.setRequestId(id).build().toByteArray();
        socket.setSoTimeout(timeoutMs);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(HEAD_BYTES + payload.length)
                        .putInt(payload.length)
                        .putInt(checksumOf(payload))
                        .put(payload)
                        .array());
        if (lastRequestId == 1 && in.readInt() != PREFACE) {
            throw new IOException("who answers there is no controller of ours, or one that is too old for tools");
        }
        while (true) {
            ServerFrame frame = ServerFrame.parseFrom(readPayload());
            if (frame.getRequestId() == id) {
                return frame;
            }
        }
    }

    private byte[] readPayload() throws IOException {
        int length = in.readInt();
        int checksum = in.readInt();
        if (length < 1 || length > MAX_PAYLOAD_BYTES) {
            throw new IOException("an answer that claims to have " + length + " bytes");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (checksumOf(payload) != checksum) {
            throw new IOException("an answer whose checksum is wrong");
        }
        return payload;
    }

    private static int checksumOf(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // It was to go anyhow.
        }
    }
}
