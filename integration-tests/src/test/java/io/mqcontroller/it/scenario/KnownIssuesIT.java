package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.RemotingClient;
import io.mqcontroller.it.cluster.RemotingFrame;
import io.mqcontroller.it.cluster.SimulatedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes wrong with the existing controllers, played with simulated brokers over the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KnownIssuesIT {
    private static final String CLUSTER = SimulatedGroup.CLUSTER;

    private Path folder;
    private ControllerCluster controllers;

    @BeforeAll
    void startControllers() {
        folder = Folders.temporary("known-issues");
        controllers = new ControllerCluster(ControllerKind.underTest(), 3, folder, Map.of());
        controllers.startAll();
        controllers.awaitLeader();
        Awaitility.await("the controllers are ready")
                .atMost(Duration.ofSeconds(60))
                .until(controllers::isReady);
    }

    @AfterAll
    void stopControllers() {
        controllers.close();
        Folders.delete(folder);
    }

    @Test
    void lateCloseOfAnOldConnectionChangesNothing() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2, 60_000)) {
            GroupView before = group.view();
            SimulatedBroker master = group.broker(1);
            SimulatedBroker.Link newest =
                    master.beatTo(controllers.awaitLeader().address());
            GroupView reconnected = group.awaitAlive(1L, 2L);
            assertEquals(before.masterEpoch(), reconnected.masterEpoch());

            // All connections but the newest close late.
            master.closeAllBut(newest);
            Answer still = group.expect(0, group.client().replicaInfo(group.name()));
            assertEquals(1, still.number("masterBrokerId"));

            newest.close();
            GroupView elected = group.awaitMaster(2);
            assertEquals(before.masterEpoch() + 1, elected.masterEpoch(), "exactly one election");
            awaitNotice(group.broker(2), elected.masterEpoch());
            assertTrue(
                    group.broker(2).notices().stream()
                            .noneMatch(notice -> notice.masterEpoch() == before.masterEpoch() && notice.master() != 1),
                    group.broker(2).notices().toString());
        }
    }

    @Test
    void repeatedAlterIsAnsweredAsTheFirstOneAndFencesComeFirst() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 3)) {
            GroupView view = group.view();
            ControllerClient client = group.client();
            String name = group.name();
            int epoch = view.masterEpoch();
            int setEpoch = view.setEpoch();

            Answer first = group.expect(0, client.alter(name, 1, epoch, List.of(1L, 2L), setEpoch));
            assertEquals(setEpoch + 1, first.bodySetEpoch());
            assertEquals(setEpoch + 1, first.number("newSyncStateSetEpoch"));
            Answer retry = group.expect(0, client.alter(name, 1, epoch, List.of(1L, 2L), setEpoch));
            assertEquals(setEpoch + 1, retry.bodySetEpoch(), "no new change");
            assertEquals(Set.of(1L, 2L), retry.syncStateSet());
            group.expect(2001, client.alter(name, 1, epoch, List.of(1L, 2L, 3L), setEpoch));
            group.expect(2002, client.alter(name, 2, epoch, List.of(1L, 2L), setEpoch + 1));
            group.expect(2000, client.alter(name, 1, epoch - 1, List.of(1L, 2L), setEpoch + 1));
            assertEquals(setEpoch + 1, group.view().setEpoch());
        }
    }

    @Test
    void silentMemberDoesNotKeepAnotherFromLeavingTheSet() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 3, 2_000)) {
            GroupView view = group.view();
            group.broker(3).silence();
            group.await("replica 3 is not heard any more", now -> !now.alive().contains(3L));
            Answer answer = group.expect(
                    0, group.client().alter(group.name(), 1, view.masterEpoch(), List.of(1L, 3L), view.setEpoch()));
            assertEquals(Set.of(1L, 3L), answer.syncStateSet());
        }
    }

    @Test
    void refusedExpansionIsAnsweredWithTheOldSetUnderAHigherEpoch() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 1)) {
            GroupView view = group.view();
            SimulatedBroker silent = new SimulatedBroker(CLUSTER, group.name(), 2);
            group.expect(0, group.client().applyBrokerId(CLUSTER, group.name(), 2, silent.address() + ";1"));
            Answer answer = group.expect(
                    0, group.client().alter(group.name(), 1, view.masterEpoch(), List.of(1L, 2L), view.setEpoch()));
            assertEquals(Set.of(1L), answer.syncStateSet());
            assertTrue(answer.bodySetEpoch() > view.setEpoch(), answer.toString());
            silent.close();
        }
    }

    @Test
    void firstElectionCannotBeSpoiled() throws IOException {
        try (SimulatedGroup group = new SimulatedGroup(controllers)) {
            ControllerClient client = group.client();
            assertEquals(
                    1,
                    group.expect(0, client.nextBrokerId(CLUSTER, group.name())).number("nextBrokerId"));
            group.join(1).beatTo(controllers.awaitLeader().address());
            assertNotEquals(0, client.elect(CLUSTER, group.name(), -1, false).code());
            assertNotEquals(0, client.elect(CLUSTER, group.name(), 99, true).code());
            // Whether the controller elected the only replica by itself meanwhile or not: the outcome is the same.
            Answer answer = client.elect(CLUSTER, group.name(), 1, false);
            assertTrue(answer.code() == 0 || answer.code() == 2011, answer.toString());
            assertEquals(1, answer.number("masterBrokerId"));
            assertEquals(1, answer.number("masterEpoch"));
            assertEquals(Set.of(1L), answer.syncStateSet());
        }
    }

    @Test
    void cleanRemovesWhatIsNamedAndNothingElse() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 3)) {
            GroupView before = group.view();
            group.expect(0, group.client().clean(CLUSTER, group.name(), "3", true));
            GroupView after = group.view();
            assertEquals(Set.of(1L, 2L), after.addresses().keySet());
            assertEquals(Set.of(1L, 2L), after.inSync());
            assertEquals(before.setEpoch() + 1, after.setEpoch());
            assertEquals(before.masterEpoch(), after.masterEpoch());
            assertTrue(after.isMaster(1));
            group.expect(2009, group.client().clean(CLUSTER, group.name(), "1;x", true));
            group.expect(2009, group.client().clean(CLUSTER, group.name(), "1", true));
            assertEquals(after, group.view());
        }
    }

    @Test
    void cleanNeverTurnsEpochsOrIdsBack() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 3, 2_000)) {
            ControllerClient client = group.client();
            GroupView before = group.view();
            for (long id = 1; id <= 3; id++) {
                group.broker(id).die();
            }
            GroupView dead = group.await("all are dead", view -> view.alive().isEmpty());
            group.expect(0, client.clean(CLUSTER, group.name(), "1;2", false));
            GroupView left = group.view();
            assertEquals(Set.of(3L), left.addresses().keySet());
            assertTrue(left.masterEpoch() >= dead.masterEpoch() && left.setEpoch() > dead.setEpoch(), left.toString());
            assertEquals(
                    4,
                    group.expect(0, client.nextBrokerId(CLUSTER, group.name())).number("nextBrokerId"));

            group.expect(0, client.clean(CLUSTER, group.name(), "3", false));
            group.expect(2008, client.replicaInfo(group.name()));
            long id =
                    group.expect(0, client.nextBrokerId(CLUSTER, group.name())).number("nextBrokerId");
            group.join(id).beatTo(controllers.awaitLeader().address());
            group.awaitAlive(id);
            client.elect(CLUSTER, group.name(), id, false);
            GroupView again = group.awaitMaster(id);
            assertTrue(again.masterEpoch() > before.masterEpoch(), again.toString());
            assertTrue(again.setEpoch() > before.setEpoch(), again.toString());
        }
    }

    @Test
    void restartedMasterIsRankedAnewUnderANewEpoch() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2)) {
            group.broker(1).report(1, 1_000);
            group.broker(2).report(1, 900);
            GroupView before = group.view();
            // It comes back within its timeout, and its log has lost its end.
            group.broker(1).report(1, 100);
            Answer registered = group.expect(
                    0,
                    group.client()
                            .register(CLUSTER, group.name(), 1, group.broker(1).address()));
            assertFalse(registered.has("masterBrokerId"), "not confirmed under the old epoch: " + registered);
            GroupView after = group.awaitMaster(2);
            assertTrue(after.masterEpoch() > before.masterEpoch(), after.toString());
            assertEquals(Set.of(2L), after.inSync());
        }
    }

    @Test
    void restartedMasterWithTheLongestLogStaysUnderANewEpoch() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2)) {
            group.broker(1).report(1, 1_000);
            group.broker(2).report(1, 900);
            GroupView before = group.view();
            group.expect(
                    0,
                    group.client()
                            .register(CLUSTER, group.name(), 1, group.broker(1).address()));
            GroupView after = group.await("a new epoch", view -> view.masterEpoch() > before.masterEpoch());
            assertTrue(after.isMaster(1), after.toString());
            assertEquals(Set.of(1L), after.inSync());
        }
    }

    @Test
    void deathOfManyGroupsRaisesEachEpochByOne() throws IOException {
        List<SimulatedGroup> groups = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                groups.add(SimulatedGroup.healthy(controllers, 1, 3_000));
            }
            List<GroupView> before = groups.stream().map(SimulatedGroup::view).toList();
            groups.forEach(group -> group.broker(1).die());
            for (int i = 0; i < groups.size(); i++) {
                SimulatedGroup group = groups.get(i);
                GroupView dead = group.await("no master", view -> view.master().isEmpty());
                assertEquals(before.get(i).masterEpoch() + 1, dead.masterEpoch());
                group.expect(2012, group.client().elect(CLUSTER, group.name(), 1, true));
                assertEquals(dead.masterEpoch(), group.view().masterEpoch(), "no master is recorded once");
            }
        } finally {
            groups.forEach(SimulatedGroup::close);
        }
    }

    @Test
    void allBrokersOnOneClosedConnectionAreReplaced() throws IOException {
        try (SimulatedGroup first = SimulatedGroup.healthy(controllers, 2, 120_000);
                SimulatedGroup second = SimulatedGroup.healthy(controllers, 2, 120_000)) {
            try (RemotingClient shared =
                    new RemotingClient(controllers.awaitLeader().address())) {
                for (SimulatedGroup group : List.of(first, second)) {
                    SimulatedBroker master = group.broker(1);
                    master.silence();
                    SimulatedBroker.Link link = master.beatOn(shared);
                    group.awaitAlive(1L, 2L);
                    master.closeAllBut(link);
                }
                first.broker(1).silence();
                second.broker(1).silence();
            }
            // Their timeout is two minutes: only the closed connection can have told.
            first.awaitMaster(2);
            second.awaitMaster(2);
        }
    }

    @Test
    void brokersThatTheControllersForgotAreTakenBackUnderAHigherEpoch() throws IOException {
        try (SimulatedGroup group = new SimulatedGroup(controllers);
                SimulatedBroker one = new SimulatedBroker(CLUSTER, group.name(), 1).reporting(12, 100);
                SimulatedBroker two = new SimulatedBroker(CLUSTER, group.name(), 2).reporting(12, 90)) {
            String leader = controllers.awaitLeader().address();
            two.beatTo(leader);
            one.beatTo(leader);
            group.expect(2008, group.client().replicaInfo(group.name()));
            group.expect(0, group.client().register(CLUSTER, group.name(), 2, two.address()));
            group.expect(0, group.client().register(CLUSTER, group.name(), 1, one.address()));
            GroupView view = group.awaitMaster(1);
            assertTrue(view.masterEpoch() >= 13, view.toString());
            assertEquals(
                    3,
                    group.expect(0, group.client().nextBrokerId(CLUSTER, group.name()))
                            .number("nextBrokerId"));
        }
    }

    @Test
    void idsAreGivenOnceWhateverGetsLost() throws IOException {
        try (SimulatedGroup group = new SimulatedGroup(controllers)) {
            ControllerClient client = group.client();
            String name = group.name();
            group.expect(0, client.applyBrokerId(CLUSTER, name, 1, "127.0.0.1:1;1"));
            group.expect(0, client.applyBrokerId(CLUSTER, name, 2, "127.0.0.1:2;1"));
            group.expect(0, client.applyBrokerId(CLUSTER, name, 2, "127.0.0.1:2;1"));
            group.expect(2014, client.applyBrokerId(CLUSTER, name, 2, "127.0.0.1:3;1"));
            group.expect(2014, client.applyBrokerId(CLUSTER, name, 1, "127.0.0.1:3;1"));
            long next = group.expect(0, client.nextBrokerId(CLUSTER, name)).number("nextBrokerId");
            assertEquals(3, next);
            group.expect(0, client.applyBrokerId(CLUSTER, name, next, "127.0.0.1:3;1"));
            assertEquals(4, group.expect(0, client.nextBrokerId(CLUSTER, name)).number("nextBrokerId"));
        }
    }

    @Test
    void copiedIdentityIsRefusedWhileTheFirstHolderLives() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2);
                SimulatedBroker copy = new SimulatedBroker(CLUSTER, group.name(), 2)) {
            GroupView before = group.view();
            Answer refused;
            try (ControllerClient other = controllers.connectToLeader()) {
                refused = other.register(CLUSTER, group.name(), 2, copy.address());
            }
            assertNotEquals(0, refused.code(), refused.toString());
            assertEquals(before.addresses(), group.view().addresses());
        }
    }

    @Test
    void movedReplicaKeepsItsIdOnceTheOldHolderIsSilent() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2, 2_000);
                SimulatedBroker moved = new SimulatedBroker(CLUSTER, group.name(), 2)) {
            group.broker(2).die();
            group.await("replica 2 is not heard any more", view -> !view.alive().contains(2L));
            group.expect(0, group.client().register(CLUSTER, group.name(), 2, moved.address()));
            assertEquals(moved.address(), group.view().addresses().get(2L));
        }
    }

    @Test
    void sameGroupNameInTwoClustersIsTwoGroups() throws IOException {
        String name = "twins";
        try (SimulatedBroker east = new SimulatedBroker("east", name, 1);
                SimulatedBroker west = new SimulatedBroker("west", name, 1);
                ControllerClient eastern = controllers.connectToLeader();
                ControllerClient western = controllers.connectToLeader();
                ControllerClient stranger = controllers.connectToLeader()) {
            for (var side : Map.of(east, eastern, west, western).entrySet()) {
                String cluster = side.getKey() == east ? "east" : "west";
                ControllerClient client = side.getValue();
                String address = side.getKey().address();
                assertEquals(
                        0,
                        client.applyBrokerId(cluster, name, 1, address + ";1").code());
                assertEquals(0, client.register(cluster, name, 1, address).code());
                // As a broker does it: heartbeats and requests over one connection.
                side.getKey().beatOn(client.remoting());
                Awaitility.await("master in " + cluster)
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> {
                            int code = client.elect(cluster, name, 1, false).code();
                            return code == 0 || code == 2011;
                        });
            }
            assertMasterAddress(east.address(), eastern.replicaInfo(name));
            assertMasterAddress(west.address(), western.replicaInfo(name));
            assertNotEquals(0, stranger.replicaInfo(name).code());
        }
    }

    @Test
    void brokerHeardOnlyByAFollowerIsAlive() throws IOException {
        ControllerNode leader = controllers.awaitLeader();
        ControllerNode follower = controllers.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
        try (SimulatedGroup group = new SimulatedGroup(controllers)) {
            group.join(1).timingOutAfter(3_000).beatTo(follower.address());
            group.awaitAlive(1L);
            Answer elected = group.client().elect(CLUSTER, group.name(), 1, false);
            assertTrue(elected.code() == 0 || elected.code() == 2011, elected.toString());
            GroupView before = group.view();
            group.broker(1).silence();
            group.await("its silence is noticed too", view -> view.alive().isEmpty());
            assertEquals(1, before.master().orElseThrow());
        }
    }

    @Test
    void epochsGivenOutAreAboveAllThatBrokersReport() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2)) {
            group.broker(1).report(40, 10);
            group.broker(2).report(41, 10);
            Awaitility.await("an election above 41")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        long other = group.view().isMaster(1) ? 2 : 1;
                        GroupView view = group.view();
                        group.client()
                                .alter(group.name(), 3 - other, view.masterEpoch(), List.of(1L, 2L), view.setEpoch());
                        group.client().elect(CLUSTER, group.name(), other, true);
                        return group.view().masterEpoch() > 41;
                    });
        }
    }

    @Test
    void leaderThatWasFrozenDoesNotAnswerFromMemory() throws IOException {
        try (SimulatedGroup group = new SimulatedGroup(controllers)) {
            ControllerNode old = controllers.awaitLeader();
            for (long id = 1; id <= 2; id++) {
                SimulatedBroker broker = group.join(id).timingOutAfter(60_000);
                for (ControllerNode node : controllers.nodes()) {
                    broker.beatTo(node.address());
                }
                group.awaitAlive(id);
                group.client().elect(CLUSTER, group.name(), 1, false);
            }
            GroupView before = group.view();
            group.expect(
                    0, group.client().alter(group.name(), 1, before.masterEpoch(), List.of(1L, 2L), before.setEpoch()));

            try (RemotingClient asked = new RemotingClient(old.address())) {
                old.process().freeze();
                int opaque = asked.send(ControllerClient.GET_REPLICA_INFO, Map.of("brokerName", group.name()), "");
                GroupView now = electElsewhere(old, group.name());
                old.process().thaw();
                RemotingFrame answer = asked.receive(opaque, 10_000);
                assertTrue(
                        answer.code() != 0
                                || answer.fields().get("masterEpoch").equals(Integer.toString(now.masterEpoch())),
                        answer.code() + " " + answer.fields() + " after " + now);
            } finally {
                old.process().thaw();
            }
        }
    }

    @Test
    void leaderWithoutAMajorityAnswersNothing() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 1)) {
            ControllerNode leader = controllers.awaitLeader();
            List<ControllerNode> followers =
                    controllers.nodes().stream().filter(node -> node != leader).toList();
            try (RemotingClient asked = new RemotingClient(leader.address())) {
                followers.forEach(node -> node.process().freeze());
                int opaque = asked.send(ControllerClient.GET_REPLICA_INFO, Map.of("brokerName", group.name()), "");
                RemotingFrame answer = asked.receive(opaque, 20_000);
                assertNotEquals(0, answer.code(), "answered from memory: " + answer.fields());
                RemotingFrame next =
                        asked.call(ControllerClient.GET_REPLICA_INFO, Map.of("brokerName", group.name()), "", 20_000);
                assertEquals(2007, next.code(), next.remark());
            } finally {
                followers.forEach(node -> node.process().thaw());
            }
            controllers.awaitLeader();
        }
    }

    /** Another node leads and makes replica 2 master; the group as it is then. */
    private GroupView electElsewhere(ControllerNode old, String group) {
        List<ControllerNode> others =
                controllers.nodes().stream().filter(node -> node != old).toList();
        return Awaitility.await("another node leads and elects")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> electAtLeaderOf(others, group), view -> view != null && view.isMaster(2));
    }

    private static GroupView electAtLeaderOf(List<ControllerNode> nodes, String group) throws IOException {
        for (ControllerNode node : nodes) {
            if (node.saysItLeads()) {
                try (ControllerClient client = new ControllerClient(node.address())) {
                    client.elect(CLUSTER, group, 2, true);
                    return client.group(group).orElse(null);
                }
            }
        }
        return null;
    }

    private static void assertMasterAddress(String address, Answer answer) {
        assertEquals(0, answer.code(), answer.toString());
        assertEquals(address, answer.fields().get("masterAddress"), answer.toString());
    }

    private static void awaitNotice(SimulatedBroker broker, int masterEpoch) {
        Awaitility.await("replica " + broker.id() + " is told of epoch " + masterEpoch)
                .atMost(Duration.ofSeconds(10))
                .until(() -> broker.notices().stream().anyMatch(notice -> notice.masterEpoch() == masterEpoch));
    }
}
