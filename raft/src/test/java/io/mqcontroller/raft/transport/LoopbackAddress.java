package io.mqcontroller.raft.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses for members of test clusters, each an IP address of its own in 127.0.0.0/8. A free port of 127.0.0.1 can be taken by any
 * connection or other test while its member is down, or before it is up; here nobody else ever listens or connects from.
 */
public final class LoopbackAddress {
    private static final int PORT = 9_878;
    private static final int FIRST_NETWORK = 64;
    private static final int NETWORKS = 128;
    private static final int SUBNETS = 256;
    private static final int HOSTS = 254;
    private static final AtomicInteger GIVEN = new AtomicInteger();

    private LoopbackAddress() {}

    /** One that was not given before; the pid tells those of test JVMs side by side apart. */
    public static InetSocketAddress next() {
        long pid = ProcessHandle.current().pid();
        int host = GIVEN.getAndIncrement() % HOSTS + 1;
        return InetSocketAddress.createUnresolved(
                "127." + (FIRST_NETWORK + pid % NETWORKS) + "." + (pid / NETWORKS % SUBNETS) + "." + host, PORT);
    }

    /** The inverse of {@link #format}. */
    public static InetSocketAddress parse(String address) {
        return PeerAddress.parse(address).orElseThrow();
    }

    /** {@code host:port}, as configurations have it. */
    public static String format(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
