package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table of who is alive. Every member keeps one from what it hears itself; only the leader's counts, and gets what the
 * others hear as well. A replica dies when its deadline comes: its own timeout after its newest heartbeat through any
 * controller, or soon after the last of its connections has closed. Not thread safe.
 */
public final class ReplicaLiveness {
    /** In which the others learn of a new leader, and it of those whom they hear. */
    private static final long RELAY_GRACE_MS = 1_000;

    private final NodeId self;
    private final LivenessSettings settings;
    private final Map<GroupKey, SortedMap<BrokerId, ReplicaLife>> groups = new HashMap<>();
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final ConnectionIndex connections = new ConnectionIndex();
    private int size;

    public ReplicaLiveness(NodeId self, LivenessSettings settings) {
        this.self = Objects.requireNonNull(self, "self");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /** Takes in a heartbeat that {@code node} heard. */
    public Heard hear(HeartbeatReport report, NodeId node, long nowMs) {
        ReplicaLife life = find(report.group(), report.id());
        if (life == null) {
            if (size >= settings.maxReplicas()) {
                return Heard.TABLE_FULL;
            }
            life = create(report.group(), report.id());
        }
        if (isTaken(life, report.address(), node, report.connection(), nowMs)) {
            return Heard.ID_TAKEN;
        }
        if (life.isRestarting() && report.heardAtMs() < life.restartedAtMs) {
            return Heard.AS_BEFORE; // sent by the process that is gone
        }
        Fitness fitness = life.fitness;
        boolean news = !life.alive || !life.reported;
        boolean newest = !life.reported || report.heardAtMs() >= life.heardAtMs;
        takeIn(life, report, newest);
        travel(life, node, report.connection(), report.heardAtMs());
        long deadlineMs = report.heardAtMs() + life.timeoutMs;
        live(life, newest ? deadlineMs : Math.max(deadlineMs, life.deadlineMs));
        return news || fitness != life.fitness ? Heard.NEWS : Heard.AS_BEFORE;
    }

    /**
     * A replica showed itself by a request of its own: it counts as alive for a short while, in which its heartbeats begin.
     *
     * @param address where it says it listens
     * @param afresh it has (re)started, so what it reported before does not count
     */
    public void introduce(ReplicaKey key, String address, long connection, boolean afresh, long nowMs) {
        ReplicaLife life = findOrCreate(key);
        if (afresh) {
            life.forgetOffsets();
        }
        life.address = address;
        travel(life, self, connection, nowMs);
        live(life, Math.max(life.alive ? life.deadlineMs : Long.MIN_VALUE, nowMs + settings.introductionGraceMs()));
    }

    /**
     * A master shows that it restarted: it is not alive, and its old offsets do not count, until its next heartbeat, for
     * which it gets a grace. When that has passed, {@link #expire} names it.
     */
    public void restart(ReplicaKey key, String address, long connection, long nowMs) {
        ReplicaLife life = findOrCreate(key);
        life.forgetOffsets();
        life.address = address;
        travel(life, self, connection, nowMs);
        life.alive = false;
        life.restartedAtMs = nowMs;
        life.deadlineMs = nowMs + settings.introductionGraceMs();
        deadlines.ensureQueued(life);
    }

    /** Whether the replica is on its way through a restart, with grace left. */
    public boolean isRestarting(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life != null && life.isRestarting();
    }

    /** Whether a heartbeat came since the replica last introduced itself: its offsets are known. */
    public boolean hasReported(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life != null && life.reported;
    }

    /**
     * Whether another broker is alive under this id (a copied disk): one that is connected, listens elsewhere, and sent its
     * heartbeats itself. It is kept, the newcomer is not.
     */
    public boolean isTaken(ReplicaKey key, String address, long connection, long nowMs) {
        ReplicaLife life = find(key.group(), key.id());
        return life != null && isTaken(life, address, self, connection, nowMs);
    }

    /** Where others copy this replica's log from, or "" if that is not known. */
    public String haAddressOf(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life == null ? "" : life.haAddress;
    }

    /** A replica that registered says where others copy its log from, before its first heartbeat does. */
    public void listensForCopies(ReplicaKey key, String haAddress) {
        findOrCreate(key).haAddress = haAddress;
    }

    /** The newest connection to this member over which the replica spoke, if it is open. */
    public OptionalLong connectionOf(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        ReplicaLife.Path path = life == null ? null : life.pathThrough(self);
        return path == null ? OptionalLong.empty() : OptionalLong.of(path.connection);
    }

    /** The address that a replica last said it listens at, or "". */
    public String addressOf(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life == null ? "" : life.address;
    }

    /**
     * A connection of {@code node} is gone. It counts for those replicas whose newest one to that controller it was; when no
     * other controller has one either, their deadline is near. A connection to a controller that may be dead itself counts
     * only until its next heartbeat is overdue.
     */
    public void closed(NodeId node, long connection, long nowMs) {
        for (ReplicaLife life : connections.removeAll(node, connection)) {
            life.paths.removeIf(path -> path.node.equals(node) && path.connection == connection);
            if (life.alive || life.isRestarting()) {
                long connectedUntilMs = Math.max(nowMs, life.connectedUntilMs());
                life.deadlineMs = Math.min(life.deadlineMs, connectedUntilMs + settings.connectionLossGraceMs());
                deadlines.ensureQueued(life);
            }
        }
    }

    /** Those that died, or whose grace to come back from a restart ended, since the last call; in the order of their deadlines. */
    public List<ReplicaKey> expire(long nowMs) {
        List<ReplicaKey> expired = new ArrayList<>();
        deadlines.fire(nowMs, life -> {
            if (life.alive || life.isRestarting()) {
                life.alive = false;
                life.restartedAtMs = ReplicaLife.NEVER;
                expired.add(life.key);
            }
        });
        return expired;
    }

    /** When {@link #expire} may next have something to say; {@code Long.MAX_VALUE} for never. */
    public long nextDueMs() {
        return deadlines.nextDueMs();
    }

    /** For people; what is not known is empty. */
    public LifeView lifeOf(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life == null
                ? new LifeView("", -1, settings.defaultTimeoutMs(), List.of())
                : new LifeView(
                        life.haAddress,
                        life.confirmOffset,
                        life.timeoutMs,
                        life.paths.stream().map(path -> path.node).sorted().toList());
    }

    /** All that is known of the group's replicas now. */
    public LivenessView view(GroupKey group, long nowMs) {
        SortedMap<BrokerId, ReplicaLife> lives = groups.get(group);
        if (lives == null) {
            return LivenessView.EMPTY;
        }
        SortedMap<BrokerId, ReplicaReport> reports = new TreeMap<>();
        for (ReplicaLife life : lives.values()) {
            reports.put(life.key.id(), life.report(nowMs));
        }
        return new LivenessView(reports);
    }

    /** End of the replica's log by its newest heartbeat, or -1. */
    public long maxOffsetOf(GroupKey group, BrokerId id) {
        ReplicaLife life = find(group, id);
        return life == null ? -1 : life.maxOffset;
    }

    /** Time since the newest heartbeat that any controller heard, or -1 without one. */
    public long silentMsOf(GroupKey group, BrokerId id, long nowMs) {
        ReplicaLife life = find(group, id);
        return life == null ? -1 : life.silentMs(nowMs);
    }

    public boolean isAlive(GroupKey group, BrokerId id) {
        ReplicaLife life = find(group, id);
        return life != null && life.alive;
    }

    /** Whether the replica has a connection to any controller that was not seen to close, alive or not. */
    public boolean hasConnection(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life != null && !life.paths.isEmpty();
    }

    /**
     * This member leads from now on. It may not know what others heard, so every replica of a group that has a master is
     * alive for one full timeout; one that this member itself has just seen lose its connection only until the others, who tell a
     * new leader at once of everybody whom they hear, must have spoken for it; and one with an agent only until it must have found
     * its way here: agents look for the leader at once. A group without a master waits for real heartbeats: presumption elects nobody.
     */
    public void presumeAlive(BrokerGroup group, long nowMs) {
        if (group.master().isEmpty()) {
            return;
        }
        for (BrokerId id : group.replicas().keySet()) {
            ReplicaLife life = findOrCreate(new ReplicaKey(group.key(), id));
            long graceMs = unheardGraceMs(life, group.replicas().get(id).agent(), nowMs);
            live(life, Math.max(life.alive ? life.deadlineMs : Long.MIN_VALUE, nowMs + graceMs));
            life.presumed = true;
        }
    }

    /**
     * Another replica finds nobody at this one's address. That ends the time for which a new leader takes it for alive unheard; of one that
     * was heard by any controller its own heartbeats and connections tell.
     */
    public void missed(ReplicaKey key, long nowMs) {
        ReplicaLife life = find(key.group(), key.id());
        if (life != null && life.alive && life.presumed && life.paths.isEmpty()) {
            life.deadlineMs = Math.min(life.deadlineMs, nowMs + settings.connectionLossGraceMs());
            deadlines.ensureQueued(life);
        }
    }

    private long unheardGraceMs(ReplicaLife life, boolean agent, long nowMs) {
        if (agent) {
            return settings.introductionGraceMs();
        }
        return isLostHere(life, nowMs) ? RELAY_GRACE_MS : life.timeoutMs;
    }

    /** Brokers connect to every controller: one that was here until just now and closed is most likely dead. */
    private boolean isLostHere(ReplicaLife life, long nowMs) {
        return life.reported && life.pathThrough(self) == null && nowMs - life.heardAtMs <= life.timeoutMs;
    }

    /** The replica was removed, or died without ever having registered. */
    public void forget(ReplicaKey key) {
        SortedMap<BrokerId, ReplicaLife> lives = groups.get(key.group());
        ReplicaLife life = lives == null ? null : lives.remove(key.id());
        if (life == null) {
            return;
        }
        size--;
        for (ReplicaLife.Path path : life.paths) {
            connections.remove(path.node, path.connection, life);
        }
        life.paths.clear();
        life.alive = false;
        if (lives.isEmpty()) {
            groups.remove(key.group());
        }
    }

    /** The replicas of the group whose newest connection to this member this is, registered or not. */
    public List<BrokerId> replicasOn(GroupKey group, long connection) {
        // By group, which has few replicas; a connection may carry thousands.
        SortedMap<BrokerId, ReplicaLife> lives = groups.getOrDefault(group, Collections.emptySortedMap());
        return lives.values().stream()
                .filter(life -> life.isOn(self, connection))
                .map(life -> life.key.id())
                .toList();
    }

    /** Replicas that are remembered, registered or not. */
    public int size() {
        return size;
    }

    ReplicaLife find(GroupKey group, BrokerId id) {
        SortedMap<BrokerId, ReplicaLife> lives = groups.get(group);
        return lives == null ? null : lives.get(id);
    }

    Iterable<ReplicaLife> all() {
        List<ReplicaLife> all = new ArrayList<>(size);
        groups.values().forEach(lives -> all.addAll(lives.values()));
        return all;
    }

    private ReplicaLife findOrCreate(ReplicaKey key) {
        ReplicaLife life = find(key.group(), key.id());
        return life == null ? create(key.group(), key.id()) : life;
    }

    private ReplicaLife create(GroupKey group, BrokerId id) {
        ReplicaLife life = new ReplicaLife(new ReplicaKey(group, id), settings.defaultTimeoutMs());
        groups.computeIfAbsent(group, g -> new TreeMap<>()).put(id, life);
        size++;
        return life;
    }

    private static boolean isTaken(ReplicaLife life, String address, NodeId node, long connection, long nowMs) {
        if (!life.alive || !life.reported || life.address.equals(address) || !life.isConnected(nowMs)) {
            return false;
        }
        return !life.isOn(node, connection);
    }

    /** The newest report counts, also where it is lower: a log can lose its end. */
    private void takeIn(ReplicaLife life, HeartbeatReport report, boolean newest) {
        life.highestEpoch = Math.max(life.highestEpoch, Math.max(report.epoch(), report.knownMasterEpoch()));
        if (!newest) {
            return; // overtaken on the way through another controller
        }
        life.heardAtMs = report.heardAtMs();
        life.address = report.address();
        life.epoch = report.epoch();
        life.maxOffset = report.maxOffset();
        life.confirmOffset = report.confirmOffset();
        life.priority = report.priority();
        life.timeoutMs = Math.max(settings.minTimeoutMs(), Math.min(settings.maxTimeoutMs(), report.timeoutMs()));
        life.fitness = report.fitness();
        life.haAddress = report.haAddress();
        life.reported = true;
    }

    private void travel(ReplicaLife life, NodeId node, long connection, long heardAtMs) {
        ReplicaLife.Path path = life.pathThrough(node);
        if (path == null) {
            life.paths.add(new ReplicaLife.Path(node, connection, heardAtMs));
            connections.add(node, connection, life);
            return;
        }
        if (path.connection != connection) {
            connections.remove(node, path.connection, life);
            connections.add(node, connection, life);
            path.connection = connection;
        }
        path.heardAtMs = Math.max(path.heardAtMs, heardAtMs);
    }

    private void live(ReplicaLife life, long deadlineMs) {
        life.alive = true;
        life.presumed = false;
        life.restartedAtMs = ReplicaLife.NEVER;
        life.deadlineMs = deadlineMs;
        deadlines.ensureQueued(life);
    }
}
