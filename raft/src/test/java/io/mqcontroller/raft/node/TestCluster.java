package io.mqcontroller.raft.node;

import static org.awaitility.Awaitility.await;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.transport.LoopbackAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Some members in one process, each with its own threads, sockets and store. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long ELECTION_TIMEOUT_MS = 700;

    private final Path directory;
    private final SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final SortedMap<NodeId, TestMember> members = new ConcurrentSkipListMap<>();
    private final long snapshotThresholdEntries;
    private final long retainedEntries;
    private final long reserveBytes;
    private final Configuration firstMembers;

    TestCluster(Path directory, int size, long snapshotThresholdEntries, long retainedEntries) throws IOException {
        this(directory, size, size, snapshotThresholdEntries, retainedEntries);
    }

    TestCluster(Path directory, int size, int started, long snapshotThresholdEntries, long retainedEntries)
            throws IOException {
        this(directory, size, started, snapshotThresholdEntries, retainedEntries, 0);
    }

    /** @param started how many of them are started at once */
    TestCluster(
            Path directory,
            int size,
            int started,
            long snapshotThresholdEntries,
            long retainedEntries,
            long reserveBytes)
            throws IOException {
        this.directory = directory;
        this.reserveBytes = reserveBytes;
        this.snapshotThresholdEntries = snapshotThresholdEntries;
        this.retainedEntries = retainedEntries;
        for (int i = 0; i < size; i++) {
            addresses.put(new NodeId("n" + i), LoopbackAddress.next());
        }
        firstMembers = Configuration.bootstrap(addresses.keySet().stream()
                .map(id -> ConfiguredMember.bootstrapped(id, addressOf(id)))
                .toList());
        for (NodeId id : List.copyOf(addresses.keySet()).subList(0, started)) {
            start(id);
        }
    }

    TestMember start(NodeId id) throws IOException {
        return start(id, UnaryOperator.identity());
    }

    TestMember start(NodeId id, UnaryOperator<LogStore> wrapping) throws IOException {
        TestMember started = new TestMember(
                settings(id),
                addresses,
                directory.resolve(id.value()),
                RecoveredState.BOOTSTRAPPED,
                reserveBytes,
                wrapping);
        members.put(id, started);
        return started;
    }

    /** A new member that waits to be added; it is told of nobody. */
    TestMember startJoining(NodeId id) throws IOException {
        addresses.putIfAbsent(id, LoopbackAddress.next());
        SortedMap<NodeId, InetSocketAddress> own = new TreeMap<>(Map.of(id, addresses.get(id)));
        TestMember started = new TestMember(
                settings(id),
                own,
                directory.resolve(id.value()),
                id.hashCode() | 1L,
                reserveBytes,
                UnaryOperator.identity());
        members.put(id, started);
        return started;
    }

    String addressOf(NodeId id) {
        return LoopbackAddress.format(addresses.get(id));
    }

    /** Everything that the member ever knew is gone. Only while it does not run. */
    void wipe(NodeId id) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(id.value()))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private RaftSettings settings(NodeId self) {
        RaftSettings sound = RaftSettings.defaults(self, firstMembers, ELECTION_TIMEOUT_MS);
        return sound.withSnapshots(snapshotThresholdEntries, sound.snapshotThresholdBytes(), retainedEntries, 4 << 10);
    }

    void stop(NodeId id) {
        members.remove(id).close();
    }

    TestMember member(NodeId id) {
        return members.get(id);
    }

    List<TestMember> members() {
        return new ArrayList<>(members.values());
    }

    Map<NodeId, TestMember> membersById() {
        return new TreeMap<>(members);
    }

    TestMember awaitLeader() {
        return await("a leader that may decide")
                .atMost(PATIENCE)
                .until(this::leader, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<TestMember> leader() {
        return members.values().stream()
                .filter(member ->
                        member.status().ready() && member.machine.leadingTerm().isPresent())
                .findFirst();
    }

    NodeId idOf(TestMember member) {
        return member.status().self();
    }

    NodeId anyFollower() {
        NodeId leader = idOf(awaitLeader());
        return members.keySet().stream()
                .filter(id -> !id.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    void awaitThat(String what, BooleanSupplier condition) {
        await(what).atMost(PATIENCE).until(condition::getAsBoolean);
    }

    void awaitSameState() {
        await("the same state everywhere")
                .atMost(PATIENCE)
                .until(() -> members.values().stream()
                                .map(member -> member.machine.counts())
                                .distinct()
                                .count()
                        == 1);
    }

    @Override
    public void close() {
        members.values().forEach(TestMember::close);
    }
}
