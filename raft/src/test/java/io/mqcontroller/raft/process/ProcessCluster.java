package io.mqcontroller.raft.process;

import static org.awaitility.Awaitility.await;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.transport.LoopbackAddress;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Three members, a process each, and a client that remembers what was acknowledged. */
final class ProcessCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int MEMBERS = 3;
    private static final long ELECTION_TIMEOUT_MS = 500;
    private static final int PROPOSALS_AT_ONCE = 4;

    final Promises promises = new Promises();
    private final Path directory;
    private final boolean lateWrites;
    private final SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final SortedMap<NodeId, MemberProcess> members = new TreeMap<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private long lastKey;

    ProcessCluster(Path directory) throws IOException {
        this(directory, false);
    }

    /** @param lateWrites the members' stores lie, see {@link LateWrites} */
    ProcessCluster(Path directory, boolean lateWrites) throws IOException {
        this.directory = directory;
        this.lateWrites = lateWrites;
        for (int i = 0; i < MEMBERS; i++) {
            addresses.put(new NodeId("n" + i), LoopbackAddress.next());
        }
        for (NodeId id : addresses.keySet()) {
            start(id);
        }
    }

    MemberProcess start(NodeId id) throws IOException {
        return start(id, List.of());
    }

    /** @param tracer the beginning of the command, see {@link Strace#fromTheStart}; or nothing */
    MemberProcess start(NodeId id, List<String> tracer) throws IOException {
        MemberProcess started = startHeld(id, tracer);
        started.go();
        return started;
    }

    /** Starts a member that opens its store and then waits for {@link MemberProcess#go}. */
    MemberProcess startHeld(NodeId id, List<String> tracer) throws IOException {
        List<String> command = new ArrayList<>(tracer);
        command.addAll(command(id));
        MemberProcess started = new MemberProcess(id, command, promises);
        members.put(id, started);
        return started;
    }

    private List<String> command(NodeId id) {
        Path store = directory.resolve(id.value());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // RocksDB's native code as the first life left it there: unpacking takes longer than all else.
                "-Djava.library.path=" + store.resolve("native"),
                "-Dslf4j.internal.verbosity=ERROR",
                "-D" + MemberProgram.LATE_WRITES + "=" + lateWrites,
                "-cp",
                classPath(),
                MemberProgram.class.getName(),
                id.value(),
                store.toString(),
                Long.toString(ELECTION_TIMEOUT_MS)));
        addresses.forEach((member, address) -> command.add(member + "=" + LoopbackAddress.format(address)));
        return command;
    }

    /** Without the logger's backend, which takes a good part of the time to start. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !part.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    List<NodeId> ids() {
        return List.copyOf(addresses.keySet());
    }

    MemberProcess member(NodeId id) {
        return members.get(id);
    }

    MemberProcess awaitLeader() {
        return await("a leader of " + addresses.keySet())
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(this::leader, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<MemberProcess> leader() {
        return members.values().stream()
                .filter(member -> member.leadingTerm() > 0)
                .max(Comparator.comparingLong(MemberProcess::leadingTerm));
    }

    /** A member that runs and does not lead; another one each time that {@code turn} changes. */
    MemberProcess awaitFollower(int turn) {
        NodeId leader = awaitLeader().id();
        List<MemberProcess> followers = members.values().stream()
                .filter(member -> !member.id().equals(leader))
                .toList();
        return followers.get(turn % followers.size());
    }

    /** Some proposals at once; remembers those that were acknowledged, and returns how many that were: none without a leader. */
    int propose() throws InterruptedException {
        Optional<MemberProcess> leader = leader();
        if (leader.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            return 0;
        }
        SortedMap<Long, CompletableFuture<Boolean>> results = new TreeMap<>();
        for (int i = 0; i < PROPOSALS_AT_ONCE; i++) {
            long key = ++lastKey;
            results.put(key, leader.get().propose(key));
        }
        int done = 0;
        for (long key : results.keySet()) {
            if (isDone(results.get(key))) {
                acknowledged.add(key);
                done++;
            }
        }
        return done;
    }

    private static boolean isDone(CompletableFuture<Boolean> result) throws InterruptedException {
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException unknown) {
            throw new IllegalStateException("a proposal was never answered", unknown);
        }
    }

    void proposeUntilDone() {
        await("an acknowledged proposal")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> propose() > 0);
    }

    /** So much that a member that was away meanwhile needs a snapshot. */
    void proposeMoreThanASnapshot() {
        for (int done = 0; done < 2 * MemberProgram.SNAPSHOT_EVERY_ENTRIES; done += PROPOSALS_AT_ONCE) {
            proposeUntilDone();
        }
    }

    /** Waits until a member has all that was ever acknowledged. */
    void awaitAllAcknowledged(NodeId id) {
        await("all that was acknowledged, on " + id)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    Optional<List<Long>> state = member(id).state(PATIENCE.toSeconds());
                    return state.isPresent() && new HashSet<>(state.get()).containsAll(acknowledged);
                });
    }

    void awaitAllAcknowledgedEverywhere() {
        members.keySet().forEach(this::awaitAllAcknowledged);
    }

    @Override
    public void close() {
        members.values().forEach(MemberProcess::close);
    }
}
