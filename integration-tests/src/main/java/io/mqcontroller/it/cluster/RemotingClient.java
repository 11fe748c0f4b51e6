package io.mqcontroller.it.cluster;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A blocking client with one connection. Any thread may send, one may receive. It does not reconnect and does not repeat anything: what
 * happens on the wire is what the test wrote.
 */
public final class RemotingClient implements AutoCloseable {
    private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private RemotingFrame.HeaderType headerType = RemotingFrame.HeaderType.JSON;
    private int lastOpaque;

    /** Connects, within two seconds. */
    public RemotingClient(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        try {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    2_000);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Header type of the requests that follow. */
    public RemotingClient writing(RemotingFrame.HeaderType type) {
        headerType = type;
        return this;
    }

    /** Sends a request and waits for its answer. Throws {@code SocketTimeoutException}: then nothing is known. */
    public RemotingFrame call(int code, Map<String, String> fields, String body, int timeoutMs) throws IOException {
        return receive(send(code, fields, body), timeoutMs);
    }

    /** Sends a request and returns its opaque, for a later {@link #receive}. */
    public synchronized int send(int code, Map<String, String> fields, String body) throws IOException {
        lastOpaque++;
        write(code, 0, fields, body);
        return lastOpaque;
    }

    /** Sends a request that wants no answer. */
    public synchronized void sendOneway(int code, Map<String, String> fields) throws IOException {
        lastOpaque++;
        write(code, 2, fields, "");
    }

    /** Bytes as they are, for frames that are none. */
    public void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The answer with this opaque; others that arrive meanwhile are dropped. */
    public RemotingFrame receive(int opaque, int timeoutMs) throws IOException {
        long deadlineNanos = System.nanoTime() + timeoutMs * 1_000_000L;
        while (true) {
            long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new SocketTimeoutException("no answer within " + timeoutMs + " ms");
            }
            RemotingFrame frame = next((int) leftMs);
            if (frame.opaque() == opaque && (frame.flag() & 1) == 1) {
                return frame;
            }
        }
    }

    /** Whatever frame comes next. Throws {@code EOFException} when the other side has closed. */
    public RemotingFrame next(int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
        return readFrame(in);
    }

    static RemotingFrame readFrame(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 4 || length > MAX_FRAME_BYTES) {
            throw new IOException("frame of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return RemotingFrame.decode(bytes);
    }

    private void write(int code, int flag, Map<String, String> fields, String body) throws IOException {
        sendRaw(new RemotingFrame(
                        code,
                        flag,
                        lastOpaque,
                        "",
                        new TreeMap<>(fields),
                        body.getBytes(StandardCharsets.UTF_8),
                        headerType)
                .encode());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closed is what was wanted.
        }
    }
}
