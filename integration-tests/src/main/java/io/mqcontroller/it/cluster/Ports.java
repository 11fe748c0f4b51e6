package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Free ports of 127.0.0.1, below the range from which the kernel gives out ports for outgoing connections, so that none
 * is taken between a kill and a restart. For the same reason test JVMs that run side by side take theirs from ranges that
 * don't meet: a JVM holds a range by listening on its first port.
 */
public final class Ports {
    private static final int RANGE = 1_000;
    private static final int FIRST = 12_000;
    private static final int LAST = 31_000;

    private final ServerSocket held;
    private int next;

    private Ports(ServerSocket held) {
        this.held = held;
        this.next = held.getLocalPort() + 1;
    }

    private static final class OfThisJvm {
        static final Ports INSTANCE = new Ports(holdRange());
    }

    /** A port that is free now. */
    public static int free() {
        return freeRow(1);
    }

    /** First of so many neighbouring free ports: a broker opens the one before last but one and the next. */
    public static int freeRow(int count) {
        return OfThisJvm.INSTANCE.row(count);
    }

    private synchronized int row(int count) {
        int first = held.getLocalPort() + 1;
        int end = held.getLocalPort() + RANGE;
        for (int attempt = 0; attempt < 2 * RANGE; attempt++) {
            if (next + count > end) {
                next = first;
            }
            int row = next;
            next += count;
            if (allFree(row, count)) {
                return row;
            }
        }
        throw new IllegalStateException("no " + count + " neighbouring free ports in " + first + ".." + (end - 1));
    }

    private static ServerSocket holdRange() {
        for (int first = FIRST; first < LAST; first += RANGE) {
            try {
                return listenOn(first);
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("all ranges of ports from " + FIRST + " to " + LAST + " are taken");
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket probe = listenOn(port)) {
                assert probe.isBound();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    private static ServerSocket listenOn(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
    }
}
