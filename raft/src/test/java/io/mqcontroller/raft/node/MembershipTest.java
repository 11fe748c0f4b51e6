package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go on real threads, sockets and stores. */
class MembershipTest {
    private static final NodeId N0 = new NodeId("n0");
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final NodeId N4 = new NodeId("n4");

    private static final Set<MembershipRejection> PASSING = Set.of(
            MembershipRejection.NOT_LEADER,
            MembershipRejection.NOT_READY,
            MembershipRejection.TRANSFERRING,
            MembershipRejection.CHANGE_UNDER_WAY,
            MembershipRejection.NOT_CAUGHT_UP);
    private static final Set<MembershipRejection> DONE_BEFORE = Set.of(
            MembershipRejection.ALREADY_MEMBER, MembershipRejection.ALREADY_VOTER, MembershipRejection.UNKNOWN_MEMBER);

    @TempDir
    Path directory;

    /** Proposes without a pause, each command until it is known to be done. */
    private static final class Load implements AutoCloseable {
        private final TestCluster cluster;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();
        private final Thread thread = new Thread(this::run, "load");

        Load(TestCluster cluster) {
            this.cluster = cluster;
            thread.start();
        }

        private void run() {
            while (!ended.get()) {
                for (TestMember member : cluster.members()) {
                    if (member.status().ready() && isDone(member)) {
                        done.incrementAndGet();
                    }
                }
            }
        }

        private static boolean isDone(TestMember member) {
            try {
                return member.propose("load").get(10, TimeUnit.SECONDS) instanceof ProposalResult.Done;
            } catch (Exception noAnswer) {
                throw new AssertionError(noAnswer);
            }
        }

        void awaitMore(long count) {
            long target = done.get() + count;
            cluster.awaitThat("served on, to " + target, () -> done.get() >= target);
        }

        /** All that was acknowledged is everywhere. */
        long finish() {
            close();
            cluster.awaitThat("all that was acknowledged is everywhere", () -> cluster.members().stream()
                    .filter(member -> member.node.memberState() == MemberState.VOTER)
                    .allMatch(member -> member.machine.counts().getOrDefault("load", 0) >= done.get()));
            return done.get();
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static MembershipResult change(
            TestCluster cluster, Function<RaftNode, CompletableFuture<MembershipResult>> change) throws Exception {
        return change.apply(cluster.awaitLeader().node).get(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Tried again while the cluster is not ready for it, and when leadership was lost: then it may be done already. */
    private static void mustChange(
            TestCluster cluster, Function<RaftNode, CompletableFuture<MembershipResult>> change) {
        AtomicBoolean maybeDone = new AtomicBoolean();
        cluster.awaitThat("the change", () -> {
            MembershipResult result;
            try {
                result = change(cluster, change);
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
            if (result instanceof MembershipResult.NotDone refused && !PASSING.contains(refused.reason())) {
                assertTrue(maybeDone.get() && DONE_BEFORE.contains(refused.reason()), refused.toString());
                return true;
            }
            maybeDone.compareAndSet(false, result instanceof MembershipResult.Unknown);
            return result instanceof MembershipResult.Done;
        });
    }

    private static void remove(TestCluster cluster, NodeId id) {
        mustChange(cluster, leader -> leader.changeMembership(new MembershipChange.Remove(id)));
    }

    private static void add(TestCluster cluster, NodeId id) throws Exception {
        cluster.startJoining(id);
        mustChange(cluster, leader -> leader.addLearner(id, cluster.addressOf(id)));
        mustChange(cluster, leader -> leader.changeMembership(new MembershipChange.Promote(id)));
    }

    private static void awaitState(TestCluster cluster, NodeId id, MemberState state) {
        cluster.awaitThat(id + " is " + state, () -> cluster.member(id).node.memberState() == state);
    }

    @Test
    void fromThreeToFiveToThreeUnderLoadWithTheLeaderAmongThoseThatGo() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 200, 50);
                Load load = new Load(cluster)) {
            load.awaitMore(500);
            add(cluster, N3);
            add(cluster, N4);
            awaitState(cluster, N3, MemberState.VOTER);
            awaitState(cluster, N4, MemberState.VOTER);
            NodeId first = cluster.idOf(cluster.awaitLeader());
            remove(cluster, first);
            awaitState(cluster, first, MemberState.REMOVED);
            NodeId second = cluster.idOf(cluster.awaitLeader());
            remove(cluster, second);
            awaitState(cluster, second, MemberState.REMOVED);
            load.awaitMore(100);
            RaftStatus leader = cluster.awaitLeader().status();
            assertEquals(3, leader.configuration().voters().size());
            assertEquals(
                    new TreeSet<>(List.of(first, second)),
                    leader.configuration().removed());
            assertTrue(load.finish() > 0);
            // Three that hold all of it, and can do without one: the removed ones are not needed for anything.
            cluster.stop(first);
            cluster.stop(second);
            cluster.stop(cluster.anyFollower());
            assertInstanceOf(
                    ProposalResult.Done.class,
                    cluster.awaitLeader().propose("after").get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aRemovedMemberThatDoesNotKnowItIsToldSoAndDisturbsNobody() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1_000_000, 1_000_000)) {
            NodeId removed = cluster.anyFollower();
            cluster.stop(removed);
            remove(cluster, removed);
            long term = cluster.awaitLeader().status().term();
            cluster.start(removed);
            awaitState(cluster, removed, MemberState.REMOVED);
            long ownTerm = cluster.member(removed).status().term();
            assertInstanceOf(
                    ProposalResult.Done.class,
                    cluster.awaitLeader().propose("x").get(30, TimeUnit.SECONDS));
            // It does not even try: its own term stays, too.
            assertEquals(term, cluster.awaitLeader().status().term());
            assertTrue(ownTerm <= term, ownTerm + " and " + term);
            assertEquals(ownTerm, cluster.member(removed).status().term());
        }
    }

    @Test
    void aMemberThatLostItsDiskNeverVotesUnderItsOldId() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1_000_000, 1_000_000)) {
            assertInstanceOf(
                    ProposalResult.Done.class,
                    cluster.awaitLeader().propose("x").get(30, TimeUnit.SECONDS));
            NodeId wiped = cluster.anyFollower();
            cluster.stop(wiped);
            cluster.wipe(wiped);
            cluster.start(wiped);
            awaitState(cluster, wiped, MemberState.STORE_LOST);
            assertEquals(0, cluster.member(wiped).status().term());
            assertEquals(0, cluster.member(wiped).status().last().index());

            // The way out.
            cluster.startJoining(N4);
            mustChange(cluster, leader -> leader.addLearner(N4, cluster.addressOf(N4)));
            mustChange(cluster, leader -> leader.changeMembership(new MembershipChange.Replace(wiped, N4)));
            awaitState(cluster, N4, MemberState.VOTER);
            cluster.stop(wiped);
            cluster.awaitSameState();
        }
    }

    @Test
    void aWipedMemberAndOneThatNeverMetItFormNoClusterWithoutTheThird() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 2, 1_000_000, 1_000_000)) {
            awaitState(cluster, N0, MemberState.FORMING);
            awaitState(cluster, N1, MemberState.FORMING);
            cluster.start(N2);
            assertInstanceOf(
                    ProposalResult.Done.class,
                    cluster.awaitLeader().propose("x").get(30, TimeUnit.SECONDS));
            cluster.stop(N0);
            cluster.stop(N1);
            cluster.stop(N2);
            cluster.wipe(N0);
            cluster.wipe(N1);
            // A majority that has lost everything must not go on as if nothing had been.
            cluster.start(N0);
            cluster.start(N1);
            cluster.start(N2);
            awaitState(cluster, N0, MemberState.STORE_LOST);
            awaitState(cluster, N1, MemberState.STORE_LOST);
            assertEquals(0, cluster.member(N0).status().term());
            assertTrue(cluster.member(N2).status().leader().isEmpty());
        }
    }

    @Test
    void whatIsNotPossibleIsRefusedByName() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1_000_000, 1_000_000)) {
            NodeId leader = cluster.idOf(cluster.awaitLeader());
            NodeId follower = cluster.anyFollower();
            assertEquals(
                    MembershipRejection.NOT_LEADER,
                    rejection(cluster.member(follower)
                            .node
                            .addLearner(N4, "127.0.0.1:1")
                            .get(30, TimeUnit.SECONDS)));
            assertEquals(
                    MembershipRejection.ALREADY_MEMBER,
                    rejection(change(cluster, node -> node.addLearner(follower, cluster.addressOf(follower)))));
            assertEquals(
                    MembershipRejection.UNKNOWN_MEMBER,
                    rejection(change(cluster, node -> node.changeMembership(new MembershipChange.Promote(N4)))));
            MembershipResult nobodyThere = change(cluster, node -> node.addLearner(N4, "127.0.0.1:1"));
            assertInstanceOf(MembershipResult.NotAdmitted.class, nobodyThere);
            MembershipResult another = change(cluster, node -> node.addLearner(N4, cluster.addressOf(follower)));
            String reason = assertInstanceOf(MembershipResult.NotAdmitted.class, another)
                    .reason();
            assertTrue(reason.contains("this is member " + follower + ", and " + leader + " wants n4"), reason);
            assertFalse(cluster.awaitLeader().status().configuration().isMember(N4));
        }
    }

    private static MembershipRejection rejection(MembershipResult result) {
        return assertInstanceOf(MembershipResult.NotDone.class, result).reason();
    }
}
