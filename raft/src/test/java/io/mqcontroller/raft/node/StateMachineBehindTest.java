package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.mqcontroller.raft.core.Rejection;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state machine with too much to do stops what would make it more, and nothing else. */
class StateMachineBehindTest {
    private static final int PROPOSALS = 20;

    @TempDir
    private Path directory;

    @Test
    void leaderThatIsBehindRefusesProposalsByNameAndAnswersReads() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, 1_000_000, 0)) {
            TestMember leader = cluster.awaitLeader();
            leader.machine.sayIsBehind(true);
            assertEquals(
                    new ProposalResult.NotDone(Rejection.OVERLOADED, Optional.empty()), outcome(leader, "refused"));
            assertInstanceOf(ReadResult.Ready.class, leader.read().get(30, TimeUnit.SECONDS));
            leader.machine.sayIsBehind(false);
            assertInstanceOf(ProposalResult.Done.class, outcome(leader, "taken"));
        }
    }

    @Test
    void followerThatIsBehindTakesNoEntriesAndHearsItsLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1_000_000, 0)) {
            assertInstanceOf(ProposalResult.Done.class, outcome(cluster.awaitLeader(), "before"));
            cluster.awaitSameState();
            TestMember follower = cluster.member(cluster.anyFollower());
            follower.machine.sayIsBehind(true);
            for (int i = 0; i < PROPOSALS; i++) {
                String command = "meanwhile" + i;
                cluster.awaitThat(
                        "it is taken",
                        () -> cluster.awaitLeader().propose(command).join() instanceof ProposalResult.Done);
            }
            assertEquals(1, follower.machine.total());
            cluster.awaitThat(
                    "it hears its leader", () -> follower.status().leader().isPresent());

            follower.machine.sayIsBehind(false);
            cluster.awaitThat(
                    "it has caught up", () -> follower.machine.counts().size() == 1 + PROPOSALS);
            cluster.awaitSameState();
        }
    }

    private static ProposalResult outcome(TestMember member, String command) throws Exception {
        return member.propose(command).get(30, TimeUnit.SECONDS);
    }
}
