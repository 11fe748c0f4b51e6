package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Three members, of which the disk of one, n0, is small: it is filled, and given room again. Says what it has seen. */
final class FullDiskProgram implements AutoCloseable {
    private static final NodeId SMALL = new NodeId("n0");
    private static final long RESERVE_BYTES = 16L << 20;
    private static final String PADDING = "x".repeat(100_000);

    private final Path smallDisk;
    private final TestCluster cluster;

    private FullDiskProgram(Path directory) throws IOException {
        smallDisk = directory.resolve(SMALL.value());
        cluster = new TestCluster(directory, 3, 3, 1_000_000, 0, RESERVE_BYTES);
    }

    public static void main(String[] args) throws Exception {
        try (FullDiskProgram program = new FullDiskProgram(Path.of(args[0]))) {
            program.leadOnTheSmallDisk();
            program.fillWhileWriting();
            program.goOnWithoutIt();
            program.giveRoomAgain();
        }
        System.out.println("done");
    }

    private void leadOnTheSmallDisk() {
        Path reserve = smallDisk.resolve("reserve");
        cluster.awaitThat("the reserve", () -> reserve.toFile().length() == RESERVE_BYTES);
        cluster.awaitThat("leadership of the small disk", () -> {
            cluster.awaitLeader().node.transferLeadership(Optional.of(SMALL)).join();
            return cluster.member(SMALL).status().role() == RoleName.LEADER;
        });
    }

    /** No place is left in the middle of the writes, so that one of them fails. */
    private void fillWhileWriting() throws IOException {
        TestMember small = cluster.member(SMALL);
        try (OutputStream filler = Files.newOutputStream(smallDisk.resolve("filler"))) {
            byte[] piece = new byte[64 << 10];
            while (true) {
                filler.write(piece);
            }
        } catch (IOException full) {
            System.out.println("full: " + full.getMessage());
        }
        cluster.awaitThat("another leader", () -> {
            small.propose("small" + PADDING);
            return cluster.members().stream()
                    .anyMatch(member -> member != small && member.status().role() == RoleName.LEADER);
        });
        System.out.println("handed on");
    }

    private void goOnWithoutIt() throws Exception {
        // RocksDB has taken some room in advance: what the others go on with uses that up.
        for (int i = 0; i < 500 && Files.exists(smallDisk.resolve("reserve")); i++) {
            cluster.awaitLeader().propose("more" + i + PADDING).get(30, TimeUnit.SECONDS);
        }
        TestMember small = cluster.member(SMALL);
        if (Files.exists(smallDisk.resolve("reserve"))) {
            throw new AssertionError("the reserve was not needed");
        }
        System.out.println("the reserve is freed");
        if (small.fault.get().isPresent() || !small.status().health().impaired()) {
            throw new AssertionError("fault " + small.fault.get() + ", " + small.status());
        }
        cluster.awaitThat(
                "the others know",
                () -> small.propose("refused").join() instanceof ProposalResult.NotDone notDone
                        && notDone.reason() == Rejection.NOT_LEADER);
        System.out.println("went on");
    }

    private void giveRoomAgain() throws IOException {
        Files.delete(smallDisk.resolve("filler"));
        TestMember small = cluster.member(SMALL);
        cluster.awaitThat("room", () -> !small.status().health().impaired());
        cluster.awaitSameState();
        cluster.awaitThat("leadership comes back", () -> {
            cluster.awaitLeader().node.transferLeadership(Optional.of(SMALL)).join();
            return small.status().role() == RoleName.LEADER;
        });
        cluster.awaitThat("writes are taken", () -> small.propose("again").join() instanceof ProposalResult.Done);
        System.out.println("room again");
    }

    @Override
    public void close() {
        cluster.close();
    }
}
