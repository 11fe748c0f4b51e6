package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members with real threads, sockets and stores. */
class RaftNodeTest {
    private static final long PATIENCE_S = TestCluster.PATIENCE.toSeconds();
    private static final long NO_SNAPSHOTS = 1_000_000;

    @TempDir
    private Path directory;

    @Test
    void aSoleMemberLeadsCommitsReadsAndRemembers() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, NO_SNAPSHOTS, 0)) {
            proposeAll(cluster, 0, 1_000);
            TestMember sole = cluster.awaitLeader();
            assertInstanceOf(ReadResult.Ready.class, sole.read().get(PATIENCE_S, TimeUnit.SECONDS));
            NodeId id = cluster.idOf(sole);
            cluster.stop(id);
            cluster.start(id);
            TestMember again = cluster.awaitLeader();
            assertEquals(1_000, again.machine.total());
        }
    }

    @Test
    void tenThousandPipelinedProposalsAreAppliedOnceEverywhere() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            proposeAll(cluster, 0, 10_000);
            cluster.awaitSameState();
            for (TestMember member : cluster.members()) {
                assertEquals(10_000, member.machine.counts().size());
                assertEquals(10_000, member.machine.total());
            }
        }
    }

    @Test
    void aFollowerThatWasAwayCatchesUp() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            NodeId away = cluster.anyFollower();
            proposeAll(cluster, 0, 100);
            cluster.stop(away);
            proposeAll(cluster, 100, 1_000);
            cluster.start(away);
            cluster.awaitThat(
                    "the follower has all", () -> cluster.member(away).machine.total() == 1_100);
        }
    }

    @Test
    void theOthersElectALeaderWhenItsGone() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember first = cluster.awaitLeader();
            proposeAll(cluster, 0, 500);
            NodeId gone = cluster.idOf(first);
            cluster.stop(gone);
            TestMember second = cluster.awaitLeader();
            assertEquals(500, second.machine.total());
            proposeAll(cluster, 500, 500);
            cluster.start(gone);
            cluster.awaitThat(
                    "the old leader has all", () -> cluster.member(gone).machine.total() == 1_000);
            cluster.awaitSameState();
        }
    }

    @Test
    void allMembersRestartedHaveWhatWasDone() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 300, 50)) {
            proposeAll(cluster, 0, 2_000);
            cluster.awaitThat("a snapshot on each", () -> cluster.members().stream()
                    .allMatch(member -> member.status().snapshot().index() > 0));
            List<NodeId> ids = List.copyOf(cluster.membersById().keySet());
            ids.forEach(cluster::stop);
            for (NodeId id : ids) {
                cluster.start(id);
            }
            TestMember leader = cluster.awaitLeader();
            assertEquals(2_000, leader.machine.total());
            assertEquals(1, leader.machine.timesRestored());
            cluster.awaitSameState();
        }
    }

    @Test
    void aFollowerThatIsFarBehindGetsASnapshot() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 500, 20)) {
            NodeId away = cluster.anyFollower();
            cluster.stop(away);
            proposeAll(cluster, 0, 3_000);
            TestMember leader = cluster.awaitLeader();
            cluster.awaitThat("a snapshot", () -> leader.status().snapshot().index() > 500);
            TestMember back = cluster.start(away);
            cluster.awaitThat("the follower has all", () -> back.machine.total() == 3_000);
            assertTrue(back.machine.timesRestored() >= 1, "restored from a snapshot");
            proposeAll(cluster, 3_000, 100);
            cluster.awaitSameState();
            cluster.stop(away);
            cluster.start(away);
            cluster.awaitSameState();
        }
    }

    @Test
    void leadershipIsHandedToTheWantedMember() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            NodeId target = cluster.anyFollower();
            assertTrue(leader.node.transferLeadership(Optional.of(target)).get(PATIENCE_S, TimeUnit.SECONDS));
            assertEquals(Optional.of(target), leader.status().leader());
            cluster.awaitThat(
                    "it may decide",
                    () -> cluster.member(target).machine.leadingTerm().isPresent());
            assertFalse(leader.node.transferLeadership(Optional.empty()).get(PATIENCE_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void aFollowerRefusesProposalsAndReadsAndNamesTheLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            NodeId leader = cluster.idOf(cluster.awaitLeader());
            TestMember follower = cluster.member(cluster.anyFollower());
            cluster.awaitThat(
                    "it knows the leader", () -> follower.status().leader().isPresent());
            assertEquals(
                    new ProposalResult.NotDone(Rejection.NOT_LEADER, Optional.of(leader)),
                    follower.propose("x").get(PATIENCE_S, TimeUnit.SECONDS));
            assertEquals(
                    new ReadResult.NotLeader(Optional.of(leader)),
                    follower.read().get(PATIENCE_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void aReadSeesWhatWasDoneBefore() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            for (int i = 1; i <= 50; i++) {
                ProposalResult.Done done = assertInstanceOf(
                        ProposalResult.Done.class, leader.propose("k" + i).get(PATIENCE_S, TimeUnit.SECONDS));
                ReadResult.Ready ready =
                        assertInstanceOf(ReadResult.Ready.class, leader.read().get(PATIENCE_S, TimeUnit.SECONDS));
                assertTrue(ready.readIndex() >= done.position().index());
                assertEquals(i, leader.machine.total());
            }
        }
    }

    @Test
    void withoutAMajorityNothingIsDoneAndTheOutcomeIsSaidToBeUnknown() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            NodeId id = cluster.idOf(leader);
            cluster.membersById().keySet().stream()
                    .filter(other -> !other.equals(id))
                    .forEach(cluster::stop);
            CompletableFuture<ProposalResult> cutOff = leader.propose("lost");
            assertInstanceOf(ProposalResult.Unknown.class, cutOff.get(PATIENCE_S, TimeUnit.SECONDS));
            assertInstanceOf(
                    ProposalResult.NotDone.class, leader.propose("refused").get(PATIENCE_S, TimeUnit.SECONDS));
            assertInstanceOf(ReadResult.NotLeader.class, leader.read().get(PATIENCE_S, TimeUnit.SECONDS));
            assertEquals(0, leader.machine.total());
        }
    }

    @Test
    void whatWaitsWhenTheNodeIsClosedEndsAsUnknownAndNothingIsTakenAfterwards() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            NodeId id = cluster.idOf(leader);
            List<CompletableFuture<ProposalResult>> results = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                results.add(leader.propose("k" + i));
            }
            cluster.stop(id);
            for (CompletableFuture<ProposalResult> result : results) {
                assertTrue(result.isDone());
            }
            assertInstanceOf(
                    ProposalResult.NotDone.class, leader.propose("late").get(PATIENCE_S, TimeUnit.SECONDS));
            assertFalse(leader.node.transferLeadership(Optional.empty()).get(PATIENCE_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void aProposalMadeAgainUnderItsIdTakesEffectOnce() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            ProposalId id = new ProposalId(99, 1);
            for (int i = 0; i < 3; i++) {
                CompletableFuture<ProposalResult> first = new CompletableFuture<>();
                CompletableFuture<ProposalResult> second = new CompletableFuture<>();
                leader.node.propose(id, Bytes.utf8("once"), first::complete);
                leader.node.propose(id, Bytes.utf8("once"), second::complete);
                assertInstanceOf(ProposalResult.Done.class, first.get(PATIENCE_S, TimeUnit.SECONDS));
                assertInstanceOf(ProposalResult.Done.class, second.get(PATIENCE_S, TimeUnit.SECONDS));
            }
            cluster.awaitSameState();
            assertEquals(1, leader.machine.total());
        }
    }

    @Test
    void aFailedWriteStopsTheMemberForGoodAndTheOthersGoOn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            proposeAll(cluster, 0, 10);
            NodeId failing = cluster.anyFollower();
            cluster.stop(failing);
            TestMember member = cluster.start(failing, store -> new FailingLogStore(store, 5));
            TestMember leader = cluster.awaitLeader();
            cluster.awaitThat("the fault", () -> {
                leader.propose("more");
                return member.fault.get().isPresent();
            });
            assertEquals(Optional.of("a write to the store failed"), member.fault.get());
            assertTrue(member.node.isStopped());
            proposeAll(cluster, 100, 100);
        }
    }

    @Test
    void memberWhoseStoreIsDamagedGetsEverythingBackAndThenCountsAgain() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 100, 10)) {
            proposeAll(cluster, 0, 300);
            NodeId damaged = cluster.anyFollower();
            cluster.stop(damaged);
            Files.delete(directory.resolve(damaged.value()).resolve("CURRENT"));
            TestMember member = cluster.start(damaged);
            assertTrue(member.status().health().recovering());
            cluster.awaitThat("whole again", () -> !member.status().health().recovering());
            cluster.awaitSameState();
            NodeId leader = cluster.idOf(cluster.awaitLeader());
            NodeId third = cluster.membersById().keySet().stream()
                    .filter(id -> !id.equals(leader) && !id.equals(damaged))
                    .findFirst()
                    .orElseThrow();
            cluster.stop(third);
            proposeAll(cluster, 300, 10);
        }
    }

    @Test
    void majorityOfMembersWithDamagedStoresElectsNobody() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            proposeAll(cluster, 0, 10);
            List<NodeId> damaged = List.copyOf(cluster.membersById().keySet()).subList(0, 2);
            for (NodeId id : damaged) {
                cluster.stop(id);
                Files.delete(directory.resolve(id.value()).resolve("CURRENT"));
            }
            for (NodeId id : damaged) {
                cluster.start(id);
            }
            TestMember sound = cluster.member(new NodeId("n2"));
            long term = sound.status().term();
            cluster.awaitThat(
                    "an election that can't be won", () -> sound.status().role() == RoleName.PRE_CANDIDATE);
            assertTrue(cluster.members().stream()
                    .noneMatch(member -> member.status().role() == RoleName.LEADER));
            assertEquals(term, sound.status().term());
        }
    }

    @Test
    void bytesOfTheApplicationReachTheOtherMember() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, NO_SNAPSHOTS, 0)) {
            TestMember leader = cluster.awaitLeader();
            NodeId from = cluster.anyFollower();
            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            leader.node.onApplicationMessage((sender, payload) -> received.add(sender + ": " + payload.toUtf8()));
            NodeId leaderId = cluster.idOf(leader);
            cluster.awaitThat("the bytes", () -> {
                cluster.member(from).node.sendApplication(leaderId, Bytes.utf8("beat"));
                return !received.isEmpty();
            });
            assertEquals(from + ": beat", received.poll());
        }
    }

    /**
     * Gets all of these done, each under an id of its own, so that what was left unknown by a change of the leader (these tests
     * share the machine with others) can be proposed again.
     */
    private static void proposeAll(TestCluster cluster, int first, int count) throws Exception {
        SortedSet<Integer> left = new TreeSet<>();
        for (int i = first; i < first + count; i++) {
            left.add(i);
        }
        while (!left.isEmpty()) {
            TestMember leader = cluster.awaitLeader();
            SortedMap<Integer, CompletableFuture<ProposalResult>> results = new TreeMap<>();
            for (int i : left) {
                CompletableFuture<ProposalResult> result = new CompletableFuture<>();
                leader.node.propose(new ProposalId(77, i + 1), Bytes.utf8("key-" + i), result::complete);
                results.put(i, result);
            }
            for (int i : results.keySet()) {
                if (results.get(i).get(PATIENCE_S, TimeUnit.SECONDS) instanceof ProposalResult.Done) {
                    left.remove(i);
                }
            }
        }
    }
}
