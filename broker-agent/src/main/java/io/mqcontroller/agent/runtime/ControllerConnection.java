package io.mqcontroller.agent.runtime;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One connection to one controller, with a thread that reads and one that writes, so that a controller which stops reading
 * never holds up the agent. A host's name is resolved anew for each connection.
 */
final class ControllerConnection implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int HELLO_TIMEOUT_MS = 1_500;
    private static final int MAX_WAITING_FRAMES = 64;

    /** What a connection tells its owner, from its reading thread; {@link #lost} at most once and last. */
    interface Listener {
        void greeted(ServerFrame hello);

        void received(ServerFrame frame);

        void lost(String reason);
    }

    private final String address;
    private final ClientFrame hello;
    private final Listener listener;
    private final Socket socket = new Socket();
    private final BlockingQueue<ClientFrame> toSend = new ArrayBlockingQueue<>(MAX_WAITING_FRAMES);
    private final Thread reader;
    private final Thread writer;
    private volatile boolean closed;

    ControllerConnection(String address, ClientFrame hello, Listener listener) {
        this.address = address;
        this.hello = hello;
        this.listener = listener;
        reader = new Thread(this::runReader, "mqagent-controller-in");
        writer = new Thread(this::runWriter, "mqagent-controller-out");
        reader.setDaemon(true);
        writer.setDaemon(true);
    }

    void open() {
        reader.start();
    }

    /** Sends when it is its turn. A controller that has left so many unread is given up. */
    void send(ClientFrame frame) {
        if (!toSend.offer(frame)) {
            closeSocket();
        }
    }

    /** Nothing is told any more. */
    @Override
    public void close() {
        closed = true;
        closeSocket();
    }

    private void runReader() {
        try {
            DataInputStream in = connect();
            while (!closed) {
                listener.received(ServerFrame.parseFrom(Frames.read(in)));
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                listener.lost(address + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            }
        } finally {
            closeSocket();
            writer.interrupt();
        }
    }

    private DataInputStream connect() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(resolve(address), CONNECT_TIMEOUT_MS);
        socket.setSoTimeout(HELLO_TIMEOUT_MS);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        Frames.writePreface(out);
        Frames.write(out, hello);
        out.flush();
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        Frames.readPreface(in);
        ServerFrame answer = ServerFrame.parseFrom(Frames.read(in));
        if (!answer.hasHello() || answer.getStatus().getCode() != StatusCode.OK) {
            throw new IOException("refused the hello: " + answer.getStatus().getCode() + " "
                    + answer.getStatus().getMessage());
        }
        // From here on the agent's own timeouts rule: they know which request is late.
        socket.setSoTimeout(0);
        writer.start();
        listener.greeted(answer);
        return in;
    }

    private void runWriter() {
        try {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            while (!closed) {
                Frames.write(out, toSend.take());
                if (toSend.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            closeSocket();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An address as it is configured or told, for connecting to it now. */
    static InetSocketAddress resolve(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IOException("an address is host:port");
        }
        String host = address.substring(0, colon).replace("[", "").replace("]", "");
        InetSocketAddress target = new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
        if (target.isUnresolved()) {
            throw new IOException("host " + host + " is not known");
        }
        return target;
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }
}
