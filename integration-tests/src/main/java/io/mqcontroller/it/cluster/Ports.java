package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports of 127.0.0.1, below the range from which the kernel gives out ports for outgoing connections, so that none
 * is taken between a kill and a restart.
 */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int LAST = 31_900;
    /** The pid spreads test JVMs that run side by side. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(FIRST + (int) (ProcessHandle.current().pid() * 97 % (LAST - FIRST)));

    private Ports() {}

    /** A port that is free now. */
    public static int free() {
        return freeRow(1);
    }

    /** First of so many neighbouring free ports: a broker opens the one before last but one and the next. */
    public static int freeRow(int count) {
        for (int attempt = 0; attempt < 5_000; attempt++) {
            int first = NEXT.getAndAdd(count);
            if (first + count > LAST) {
                NEXT.set(FIRST);
                continue;
            }
            if (allFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " neighbouring free ports in " + FIRST + ".." + LAST);
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
