package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Host;
import io.mqcontroller.it.cluster.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A small network whose cables can be pulled: hosts, each a network namespace of its own, around a hub, which is where the
 * test itself runs. Packets that are cut are dropped without a word, as on a broken line; connections stay open
 * and hear nothing.
 *
 * <p>Only in a JVM that was started in an empty network namespace ({@code src/test/network/bin/java}): so nothing here can
 * touch the machine's network, and the kernel takes all of it away when the JVM ends, however it ends.
 */
public final class Network implements AutoCloseable {
    /** Set by the launcher that gave this JVM its own network. */
    private static final String OWN_NETWORK = "IT_NETWORK";

    /** Set by it where it could not. */
    private static final String PROBLEM = "IT_NETWORK_PROBLEM";

    /** A range for documentation (RFC 5737): no real machine has such an address. */
    private static final String PREFIX = "192.0.2.";

    private static final String HUB = "hub";

    private final Host hub = new Host(HUB, PREFIX + "1", List.of());
    private final Map<String, NamespaceHost> hosts = new LinkedHashMap<>();

    private Network() {}

    /** A hub without hosts. Fails, and says what is missing, where the machine or the way of starting does not allow it. */
    public static Network open() {
        requireOwn();
        NetworkCommand.run("ip", "link", "add", HUB, "type", "bridge");
        Network network = new Network();
        NetworkCommand.run("ip", "addr", "add", network.hub.address() + "/24", "dev", HUB);
        NetworkCommand.run("ip", "link", "set", HUB, "up");
        return network;
    }

    /** Fails, and says what is missing, in a JVM that has no network and no mounts of its own. */
    static void requireOwn() {
        if (!"own".equals(System.getenv(OWN_NETWORK))) {
            throw new AssertionError(
                    "This test pulls cables in a network of its own and was started without one. It needs "
                            + "Linux, root, and the programs unshare, nsenter (util-linux), ip (iproute2) and nft (nftables), and to "
                            + "be started by Maven, which uses src/test/network/bin/java. "
                            + Objects.requireNonNullElse(System.getenv(PROBLEM), ""));
        }
    }

    /** Where the test runs; it reaches every host, whatever is cut between those. */
    public Host hub() {
        return hub;
    }

    /** The host of this name; made when it is first asked for. */
    public Host host(String name) {
        return hosts.computeIfAbsent(name, this::connect).host();
    }

    /** A host for each process, of the process's name. */
    public Placement hostForEach() {
        return this::host;
    }

    /** Nothing passes between the two any more, in either direction. */
    public void cut(Host one, Host other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Nothing passes between this host and any of the others. */
    public void cut(Host one, Collection<Host> others) {
        others.forEach(other -> cut(one, other));
    }

    /** What one host sends to the other is lost; the way back is open. */
    public void cutOneWay(Host from, Host to) {
        NamespaceHost receiver = hosts.get(to.name());
        if (receiver == null || !hosts.containsKey(from.name())) {
            throw new IllegalArgumentException(
                    "cannot cut " + from.name() + " from " + to.name() + ": only hosts, not the hub");
        }
        receiver.dropFrom(from.address());
    }

    /** This host hears nothing any more from whoever listens on that port; what it is sent from others, and sends, passes. */
    public void silence(int port, Host at) {
        hosts.get(at.name()).dropFromPort(port);
    }

    /** Everybody reaches everybody again. */
    public void heal() {
        hosts.values().forEach(NamespaceHost::dropNothing);
    }

    /** Takes the hosts away. Whatever ran there should have ended. */
    @Override
    public void close() {
        hosts.values().forEach(NamespaceHost::close);
        hosts.clear();
        NetworkCommand.run("ip", "link", "del", HUB);
    }

    private NamespaceHost connect(String name) {
        int number = hosts.size() + 2;
        return NamespaceHost.connect(name, PREFIX + number, "cable" + number, HUB);
    }

    /** All hosts so far but these. */
    public List<Host> allBut(Host... left) {
        List<Host> others = new ArrayList<>();
        hosts.values().forEach(host -> others.add(host.host()));
        others.removeAll(List.of(left));
        return others;
    }
}
