package io.mqcontroller.controller.cli.ctl.client;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.Status;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** A controller that answers tools as it is told, over a real socket. */
public final class FakeController implements AutoCloseable {
    private final ServerSocket listener;
    private final Function<ClientFrame, ServerFrame.Builder> answers;
    private final List<ClientFrame.KindCase> asked = new CopyOnWriteArrayList<>();

    /** @param answers null: the connection is closed instead */
    public FakeController(Function<ClientFrame, ServerFrame.Builder> answers) {
        this.answers = answers;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "fake-controller");
        thread.setDaemon(true);
        thread.start();
    }

    /** An answer without content. */
    public static ServerFrame.Builder status(StatusCode code, String message) {
        return ServerFrame.newBuilder()
                .setStatus(Status.newBuilder().setCode(code).setMessage(message));
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", listener.getLocalPort());
    }

    /** Kinds of the requests after the hello. */
    public List<ClientFrame.KindCase> asked() {
        return asked;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                serve(socket);
            } catch (IOException closed) {
                // The next one, if it was not the listener itself.
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(in.readInt());
        while (true) {
            byte[] payload = new byte[in.readInt()];
            in.readInt();
            in.readFully(payload);
            ClientFrame request = ClientFrame.parseFrom(payload);
            ServerFrame.Builder answer = status(StatusCode.OK, "");
            if (!request.hasHello()) {
                asked.add(request.getKindCase());
                answer = answers.apply(request);
            }
            if (answer == null) {
                return;
            }
            write(out, answer.setRequestId(request.getRequestId()).build().toByteArray());
        }
    }

    private static void write(DataOutputStream out, byte[] payload) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        out.writeInt(payload.length);
        out.writeInt((int) crc.getValue());
        out.write(payload);
        out.flush();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
