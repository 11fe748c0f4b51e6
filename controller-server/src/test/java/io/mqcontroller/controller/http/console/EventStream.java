package io.mqcontroller.controller.http.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that reads events as they stand on the wire. */
final class EventStream implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    final String head;

    /** One event. */
    record Event(String id, String name, String data) {}

    /** @param lastEventId as a browser sends it when it comes back; empty: not */
    EventStream(int port, String cursor, String lastEventId) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(TIMEOUT_MS);
        String again = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        socket.getOutputStream()
                .write(("GET /api/v1/events?after=" + cursor + " HTTP/1.1\r\nHost: x\r\n" + again + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder lines = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.append(line).append('\n');
        }
        head = lines.toString();
    }

    /** The next event of that name; those before it are passed over. */
    Event next(String name) throws IOException {
        while (true) {
            Event event = next();
            if (event.name().equals(name)) {
                return event;
            }
        }
    }

    /** The next event; lengths of chunks, and lines that are no part of one, are passed over. */
    Event next() throws IOException {
        String id = "";
        String name = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return new Event(id, name, line.substring(6));
            }
        }
        throw new IOException("the stream has ended");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
