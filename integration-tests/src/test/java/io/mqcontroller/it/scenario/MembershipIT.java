package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.proto.controller.AddLearner;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.PromoteLearner;
import io.mqcontroller.proto.controller.RemoveMember;
import io.mqcontroller.proto.controller.ReplaceVoter;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Controllers come and go while brokers heartbeat and groups are registered; each test goes on with what the one before left. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MembershipIT {
    private Path folder;
    private ControllerCluster controllers;

    @BeforeAll
    void startControllers() {
        folder = Folders.temporary("membership");
        controllers = new ControllerCluster(ControllerKind.OURS, 3, folder, Map.of());
        controllers.startAll();
        controllers.awaitLeader();
    }

    @AfterAll
    void stopControllers() {
        controllers.close();
        Folders.delete(folder);
    }

    @Test
    @Order(1)
    void fromThreeToFiveToThreeWithTheLeaderAmongThoseThatGo() throws Exception {
        try (RegistrationLoad load = new RegistrationLoad(controllers);
                SimulatedGroup group = SimulatedGroup.healthy(controllers, 2, 120_000)) {
            GroupView before = group.view();
            for (int i = 0; i < 2; i++) {
                join();
            }
            load.awaitMore(20);
            assertEquals(Set.of("n0", "n1", "n2", "n3", "n4"), voters());

            // Five that can do without two, old and new.
            kill(controllers.nodes().get(4));
            kill(anyFollower());
            load.awaitMore(20);
            controllers.startAll();

            ControllerNode first = controllers.awaitLeader();
            remove(first);
            ControllerNode second = anyFollower();
            remove(second);
            assertEquals(3, voters().size());
            assertTrue(!voters().contains(first.id()) && !voters().contains(second.id()), voters().toString());
            awaitPart(first, MemberPart.REMOVED);
            awaitPart(second, MemberPart.REMOVED);
            assertEquals(503, first.httpStatus("/readyz"));
            assertEquals(200, first.httpStatus("/livez"));

            // Both run on, and disturb nobody.
            long term = members().getTerm();
            load.awaitMore(100);
            assertEquals(term, members().getTerm());
            assertTrue(MembersTool.members(first).getTerm() <= term);
            String peers =
                    controllers.awaitLeader().metadata().orElseThrow().fields().get("peers");
            assertTrue(!peers.contains(first.id() + ":") && peers.contains("n3:"), peers);

            kill(first);
            kill(second);
            try (SimulatedGroup later = new SimulatedGroup(controllers)) {
                GroupView after = later.client().group(group.name()).orElseThrow();
                assertEquals(before.master(), after.master(), "no election while the master lives");
                assertEquals(before.masterEpoch(), after.masterEpoch());
            }
            assertEquals(List.of(), load.lost());
            assertTrue(load.acknowledged() > 140, load.acknowledged() + " registrations");
        }
    }

    @Test
    @Order(2)
    void aMemberThatLostItsDiskTakesNoPartAndIsReplaced() throws Exception {
        try (RegistrationLoad load = new RegistrationLoad(controllers)) {
            load.awaitMore(5);
            ControllerNode wiped = anyFollower();
            kill(wiped);
            wiped.wipe();
            controllers.start(wiped);
            awaitPart(wiped, MemberPart.STORE_LOST);
            assertEquals(503, wiped.httpStatus("/readyz"));
            assertLogged(wiped, "event=store_lost self=" + wiped.id());

            ControllerNode fresh = startAsLearner();
            change(MembershipRequest.newBuilder()
                    .setReplace(ReplaceVoter.newBuilder().setVoter(wiped.id()).setLearner(fresh.id())));
            kill(wiped);
            assertEquals(3, voters().size());
            assertTrue(voters().contains(fresh.id()) && !voters().contains(wiped.id()), voters().toString());

            // The new one counts: without another one it is half of the majority.
            kill(anyFollowerBut(fresh));
            load.awaitMore(10);
            assertEquals(List.of(), load.lost());
        }
    }

    @Test
    @Order(3)
    void theLogRulesAndTheFileIsNamedWhereItDiffers() {
        ControllerNode old = controllers.nodes().stream()
                .filter(node -> !node.isRunning() && voters().contains(node.id()))
                .findFirst()
                .orElseThrow();
        controllers.start(old);
        awaitPart(old, MemberPart.VOTER);
        assertLogged(old, "event=members_differ");
        // Its file names all that ever were; it knows better.
        assertEquals(voters(), votersAt(old));
    }

    // ---- steps

    /** A process that waits, is added, and has all of the log. */
    private ControllerNode startAsLearner() {
        ControllerNode node = controllers.startJoining();
        awaitPart(node, MemberPart.WAITING_TO_JOIN);
        assertEquals(503, node.httpStatus("/readyz"));
        change(MembershipRequest.newBuilder()
                .setAddLearner(AddLearner.newBuilder().setNodeId(node.id()).setAddress(node.address())));
        awaitPart(node, MemberPart.LEARNER);
        return node;
    }

    private void join() {
        ControllerNode node = startAsLearner();
        change(MembershipRequest.newBuilder()
                .setPromote(PromoteLearner.newBuilder().setNodeId(node.id())));
        awaitPart(node, MemberPart.VOTER);
    }

    private void remove(ControllerNode node) {
        change(MembershipRequest.newBuilder()
                .setRemove(RemoveMember.newBuilder().setNodeId(node.id())));
    }

    private static void kill(ControllerNode node) {
        node.process().kill();
    }

    /** Asked for again while it is not possible yet, or when it is not known whether it has happened. */
    private void change(MembershipRequest.Builder change) {
        TreeSet<String> refusals = new TreeSet<>();
        await("changed: " + change, () -> {
            ServerFrame answer;
            try {
                answer = MembersTool.change(controllers.awaitLeader(), change);
            } catch (IOException notNow) {
                refusals.add(notNow.toString());
                return false;
            }
            boolean happenedBefore = refusals.stream().anyMatch(text -> !text.startsWith("NOT_"))
                    && answer.getStatus().getMessage().matches("(?s)(ALREADY_MEMBER|ALREADY_VOTER|UNKNOWN_MEMBER):.*");
            refusals.add(answer.getStatus().getMessage());
            return answer.getStatus().getCode() == StatusCode.OK || happenedBefore;
        });
    }

    // ---- what is seen

    private ControllerNode anyFollower() {
        return anyFollowerBut(null);
    }

    private ControllerNode anyFollowerBut(ControllerNode spared) {
        ControllerNode leader = controllers.awaitLeader();
        Set<String> voters = voters();
        return controllers.nodes().stream()
                .filter(node -> node.isRunning() && node != leader && node != spared && voters.contains(node.id()))
                .findFirst()
                .orElseThrow();
    }

    private MembersReply members() {
        return membersAt(controllers.awaitLeader());
    }

    private static MembersReply membersAt(ControllerNode node) {
        try {
            return MembersTool.members(node);
        } catch (IOException noAnswer) {
            throw new AssertionError(node.id() + " does not answer", noAnswer);
        }
    }

    private Set<String> voters() {
        return votersAt(controllers.awaitLeader());
    }

    private static Set<String> votersAt(ControllerNode node) {
        Set<String> voters = new TreeSet<>();
        for (Member member : membersAt(node).getMembersList()) {
            if (member.getPart() == MemberPart.VOTER) {
                voters.add(member.getNodeId());
            }
        }
        return voters;
    }

    private void awaitPart(ControllerNode node, MemberPart part) {
        await(node.id() + " is " + part, () -> {
            try {
                return MembersTool.members(node).getOwnPart() == part;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private void assertLogged(ControllerNode node, String text) {
        await(node.id() + " logs " + text, () -> node.process().lines().stream().anyMatch(line -> line.contains(text)));
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(50))
                    .until(condition);
        } catch (org.awaitility.core.ConditionTimeoutException late) {
            throw new AssertionError("not within 60 s: " + what + "\n" + controllers.describe(), late);
        }
    }
}
