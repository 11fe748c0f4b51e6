package io.mqcontroller.raft.process;

import static org.awaitility.Awaitility.await;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.RaftListener;
import io.mqcontroller.raft.transport.LoopbackAddress;
import io.mqcontroller.raft.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three members in one process, of which one was away for so long that it needs a snapshot, which is larger than the memory of
 * the process. When three quarters of it have arrived that member is restarted. Says how many bytes were sent, and how many
 * proposals were done while the snapshot was on its way.
 */
public final class LargeSnapshotProgram {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long ELECTION_TIMEOUT_MS = 1_500;
    private static final int SNAPSHOT_EVERY_ENTRIES = 50;
    private static final int PROPOSALS_ON_THE_WAY = 30;

    private final Path directory;
    private final long snapshotBytes;
    private final SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final SortedMap<NodeId, GeneratedState> machines = new TreeMap<>();
    private final SortedMap<NodeId, LocalMember> members = new TreeMap<>();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();

    private LargeSnapshotProgram(Path directory, long snapshotBytes) {
        this.directory = directory;
        this.snapshotBytes = snapshotBytes;
    }

    /** Arguments: a folder, size of the snapshot in bytes. */
    public static void main(String[] args) throws Exception {
        LargeSnapshotProgram program = new LargeSnapshotProgram(Path.of(args[0]), Long.parseLong(args[1]));
        program.run();
        Runtime.getRuntime().halt(0);
    }

    private void run() throws Exception {
        for (int i = 0; i < 3; i++) {
            addresses.put(new NodeId("n" + i), LoopbackAddress.next());
        }
        NodeId away = new NodeId("n2");
        // The first start needs all of them.
        for (NodeId id : addresses.keySet()) {
            start(id);
        }
        propose();
        await().atMost(PATIENCE).until(() -> machines.get(away).applied() > 0);
        members.remove(away).close();
        for (int i = 0; i < SNAPSHOT_EVERY_ENTRIES; i++) {
            propose();
        }
        await().atMost(PATIENCE).until(() -> members.values().stream()
                .allMatch(member -> member.node.status().snapshot().index() > 0));
        start(away);
        await().atMost(PATIENCE).until(() -> receivedBytes.get() > 0);
        int done = 0;
        while (receivedBytes.get() < snapshotBytes / 4 * 3 && done < PROPOSALS_ON_THE_WAY) {
            propose();
            done++;
        }
        await().atMost(PATIENCE).until(() -> receivedBytes.get() >= snapshotBytes / 4 * 3);
        members.remove(away).close();
        start(away);
        await().atMost(PATIENCE).until(() -> machines.get(away).restoredBytes() == snapshotBytes);
        propose();
        await().atMost(PATIENCE)
                .until(() -> machines.values().stream()
                                .map(GeneratedState::applied)
                                .distinct()
                                .count()
                        == 1);
        System.out.println("sent " + sentBytes + " done " + done);
    }

    private void start(NodeId id) throws IOException {
        GeneratedState machine = new GeneratedState(snapshotBytes);
        machines.put(id, machine);
        LocalMember.Surroundings counting = new LocalMember.Surroundings() {
            @Override
            public Transport around(Transport transport) {
                return new ObservedTransport(transport, (to, message) -> count(message));
            }
        };
        members.put(
                id,
                new LocalMember(
                        LocalMember.settings(
                                id, List.copyOf(addresses.keySet()), ELECTION_TIMEOUT_MS, 3, SNAPSHOT_EVERY_ENTRIES, 0),
                        addresses,
                        directory.resolve(id.value()),
                        machine,
                        counting,
                        RaftListener.NONE,
                        (what, cause) -> {
                            System.out.println("fault " + what + " " + cause);
                            Runtime.getRuntime().halt(1);
                        }));
    }

    private void count(Message message) {
        if (message instanceof Message.InstallSnapshot piece) {
            sentBytes.addAndGet(piece.chunk().size());
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            receivedBytes.set(reply.nextOffset());
        }
    }

    private void propose() {
        await().atMost(PATIENCE).until(() -> {
            for (LocalMember member : members.values()) {
                CompletableFuture<ProposalResult> result = new CompletableFuture<>();
                member.node.propose(Bytes.utf8("x"), result::complete);
                if (result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) instanceof ProposalResult.Done) {
                    return true;
                }
            }
            return false;
        });
    }
}
