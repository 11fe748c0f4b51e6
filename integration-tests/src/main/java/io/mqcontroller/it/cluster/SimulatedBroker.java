package io.mqcontroller.it.cluster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a controller sees of a broker, without the broker: a listening port that takes role notices (1008), and heartbeats
 * over connections that the test opens, lets beat and closes as it likes. What it reports (epoch, offsets) is the test's.
 */
public final class SimulatedBroker implements AutoCloseable {
    private static final int NOTIFY_BROKER_ROLE_CHANGED = 1008;
    private static final long HEARTBEAT_INTERVAL_MS = 200;

    private final String cluster;
    private final String group;
    private final long id;
    private final ServerSocket listener;
    private final List<RoleNotice> notices = new CopyOnWriteArrayList<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile long timeoutMs = 10_000;
    private volatile int epoch = -1;
    private volatile long maxOffset;

    /** A role notice as it arrived. */
    public record RoleNotice(long master, int masterEpoch, int setEpoch) {}

    public SimulatedBroker(String cluster, String group, long id) {
        this.cluster = cluster;
        this.group = group;
        this.id = id;
        try {
            listener = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("notices-" + id, this::acceptNotices);
    }

    public long id() {
        return id;
    }

    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How long this broker may be silent before it counts as dead. */
    public SimulatedBroker timingOutAfter(long milliseconds) {
        timeoutMs = milliseconds;
        return this;
    }

    /** What the heartbeats from now on tell about its log. */
    public SimulatedBroker reporting(int newEpoch, long newMaxOffset) {
        epoch = newEpoch;
        maxOffset = newMaxOffset;
        return this;
    }

    /** The same, and returns when the controllers it beats to have read it. */
    public void report(int newEpoch, long newMaxOffset) throws IOException {
        reporting(newEpoch, newMaxOffset);
        for (Link link : links) {
            if (link.beating) {
                link.connection.sendOneway(ControllerClient.HEARTBEAT, heartbeat());
                link.connection.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 5_000);
            }
        }
    }

    /** Role notices so far. */
    public List<RoleNotice> notices() {
        return notices;
    }

    /** Opens a connection of its own and beats on it until it is silenced or closed. */
    public Link beatTo(String controller) throws IOException {
        return new Link(new RemotingClient(controller), true);
    }

    /** Beats on a connection that others use too. */
    public Link beatOn(RemotingClient shared) throws IOException {
        return new Link(shared, false);
    }

    /** Header of a heartbeat as of now. */
    public Map<String, String> heartbeat() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("clusterName", cluster);
        fields.put("brokerName", group);
        fields.put("brokerAddr", address());
        fields.put("brokerId", Long.toString(id));
        fields.put("epoch", Integer.toString(epoch));
        fields.put("maxOffset", Long.toString(maxOffset));
        fields.put("confirmOffset", Long.toString(maxOffset));
        fields.put("heartbeatTimeoutMills", Long.toString(timeoutMs));
        fields.put("electionPriority", Integer.toString(Integer.MAX_VALUE));
        return fields;
    }

    /** Ends all heartbeats, leaving the connections open: a broker that hangs. */
    public void silence() {
        links.forEach(Link::silence);
    }

    /** Closes all connections: a broker that died. */
    public void die() {
        links.forEach(Link::close);
    }

    /** Closes all its connections but one. */
    public void closeAllBut(Link kept) {
        links.stream().filter(link -> link != kept).forEach(Link::close);
    }

    @Override
    public void close() {
        die();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Heartbeats over one connection. */
    public final class Link implements AutoCloseable {
        private final RemotingClient connection;
        private final boolean owned;
        private volatile boolean beating = true;

        private Link(RemotingClient connection, boolean owned) throws IOException {
            this.connection = connection;
            this.owned = owned;
            links.add(this);
            // The first one is on its way when the constructor returns: tests order what follows by it.
            connection.sendOneway(ControllerClient.HEARTBEAT, heartbeat());
            daemon("heartbeats-" + id, this::beat);
        }

        /** No more heartbeats; the connection stays. */
        public void silence() {
            beating = false;
        }

        @Override
        public void close() {
            beating = false;
            if (owned) {
                connection.close();
            }
        }

        private void beat() {
            try {
                while (beating) {
                    Thread.sleep(HEARTBEAT_INTERVAL_MS);
                    connection.sendOneway(ControllerClient.HEARTBEAT, heartbeat());
                }
            } catch (IOException closed) {
                beating = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void acceptNotices() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                daemon("notice-" + id, () -> readNotices(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void readNotices(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                RemotingFrame frame = RemotingClient.readFrame(in);
                if (frame.code() == NOTIFY_BROKER_ROLE_CHANGED) {
                    Map<String, String> fields = frame.fields();
                    notices.add(new RoleNotice(
                            Long.parseLong(fields.get("masterBrokerId")),
                            Integer.parseInt(fields.get("masterEpoch")),
                            Integer.parseInt(fields.get("syncStateSetEpoch"))));
                }
            }
        } catch (IOException closed) {
            // The controller closes idle connections; the next notice comes over a new one.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
