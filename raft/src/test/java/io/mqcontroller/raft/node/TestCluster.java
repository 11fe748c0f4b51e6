package io.mqcontroller.raft.node;

import static org.awaitility.Awaitility.await;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Some members in one process, each with its own threads, sockets and store. */
final class TestCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long ELECTION_TIMEOUT_MS = 700;

    private final Path directory;
    private final SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final SortedMap<NodeId, TestMember> members = new TreeMap<>();
    private final long snapshotThresholdEntries;
    private final long retainedEntries;

    TestCluster(Path directory, int size, long snapshotThresholdEntries, long retainedEntries) throws IOException {
        this.directory = directory;
        this.snapshotThresholdEntries = snapshotThresholdEntries;
        this.retainedEntries = retainedEntries;
        for (int i = 0; i < size; i++) {
            addresses.put(new NodeId("n" + i), InetSocketAddress.createUnresolved("127.0.0.1", freePort()));
        }
        for (NodeId id : addresses.keySet()) {
            start(id);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    TestMember start(NodeId id) throws IOException {
        return start(id, UnaryOperator.identity());
    }

    TestMember start(NodeId id, UnaryOperator<LogStore> wrapping) throws IOException {
        TestMember started = new TestMember(settings(id), addresses, directory.resolve(id.value()), wrapping);
        members.put(id, started);
        return started;
    }

    private RaftSettings settings(NodeId self) {
        RaftSettings sound = RaftSettings.defaults(self, List.copyOf(addresses.keySet()), ELECTION_TIMEOUT_MS);
        return new RaftSettings(
                self,
                sound.bootstrap(),
                sound.electionTimeoutMs(),
                sound.heartbeatIntervalMs(),
                sound.tickMs(),
                sound.maxEntriesPerAppend(),
                sound.maxBytesPerAppend(),
                sound.maxInflightAppends(),
                sound.maxUncommittedBytes(),
                sound.maxEntryBytes(),
                snapshotThresholdEntries,
                sound.snapshotThresholdBytes(),
                retainedEntries,
                4 << 10,
                sound.maxSessions(),
                sound.readLeaseMs());
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
        await("a leader that may decide").atMost(PATIENCE).until(() -> leader().isPresent());
        return leader().orElseThrow();
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
