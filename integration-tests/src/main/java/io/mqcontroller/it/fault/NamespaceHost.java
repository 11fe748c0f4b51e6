package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One host of a {@link Network}: a network namespace, kept by a process that only waits for the end of its input, so that it
 * goes when this JVM goes, even if that is killed.
 */
final class NamespaceHost implements AutoCloseable {
    private static final String RULES =
            """
            table inet cut {
              set senders {
                type ipv4_addr
              }
              set services {
                type inet_service
              }
              chain arriving {
                type filter hook input priority 0; policy accept;
                ip saddr @senders drop
                tcp sport @services drop
              }
            }
            """;

    private final Host host;
    private final String cable;
    private final Process keeper;

    private NamespaceHost(Host host, String cable, Process keeper) {
        this.host = host;
        this.cable = cable;
        this.keeper = keeper;
    }

    /** Makes a namespace and a cable from it to a bridge of this one. */
    static NamespaceHost connect(String name, String address, String cable, String bridge) {
        Process keeper = keeper();
        String pid = Long.toString(keeper.pid());
        NamespaceHost made = new NamespaceHost(
                new Host(name, address, List.of("nsenter", "--target", pid, "--net", "--")), cable, keeper);
        try {
            NetworkCommand.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", pid);
            NetworkCommand.run("ip", "link", "set", cable, "master", bridge, "up");
            made.run("ip", "addr", "add", address + "/24", "dev", "eth0");
            made.run("ip", "link", "set", "eth0", "up");
            NetworkCommand.runWithInput(RULES, made.host.command(List.of("nft", "-f", "-")));
            return made;
        } catch (RuntimeException | AssertionError e) {
            keeper.destroyForcibly();
            throw e;
        }
    }

    Host host() {
        return host;
    }

    void dropFrom(String sender) {
        run("nft", "add", "element", "inet", "cut", "senders", "{ " + sender + " }");
    }

    void dropFromPort(int port) {
        run("nft", "add", "element", "inet", "cut", "services", "{ " + port + " }");
    }

    void dropNothing() {
        run("nft", "flush", "set", "inet", "cut", "senders");
        run("nft", "flush", "set", "inet", "cut", "services");
    }

    /** Without a trace: the kernel takes its time with namespaces, and the next network may want the same names. */
    @Override
    public void close() {
        NetworkCommand.run("ip", "link", "del", cable);
        keeper.destroyForcibly();
    }

    private void run(String... command) {
        NetworkCommand.runWithInput("", host.command(List.of(command)));
    }

    private static Process keeper() {
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "--"));
        // It says that it is there, for until then its pid names the namespace it came from.
        command.addAll(List.of("sh", "-c", "ip link set lo up && echo ready && exec cat"));
        try {
            Process keeper =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new BufferedReader(new InputStreamReader(keeper.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (!"ready".equals(said)) {
                keeper.destroyForcibly();
                throw new AssertionError("no network namespace for a host: " + said);
            }
            return keeper;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
