package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ElectMasterReply;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.GroupsRequest;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommandTest {
    private static final GroupDetails GROUP = GroupDetails.newBuilder()
            .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
            .setMaster(1)
            .setMasterEpoch(4)
            .addSyncStateSet(1)
            .setSyncStateSetEpoch(9)
            .setEverElected(true)
            .setLeaseLeftMs(1800)
            .addReplicas(ReplicaDetails.newBuilder()
                    .setBrokerId(1)
                    .setAddress("10.0.0.1:10911")
                    .setAgent(true)
                    .setAlive(true)
                    .setSilentMs(120)
                    .addHeardThrough("n0")
                    .setLastEpoch(4)
                    .setMaxOffset(5000)
                    .setRole(AgentRole.MASTER))
            .addReplicas(ReplicaDetails.newBuilder()
                    .setBrokerId(2)
                    .setAddress("10.0.0.2:10911")
                    .setSilentMs(-1)
                    .setLastEpoch(-1)
                    .setMaxOffset(-1)
                    .setNotElectable("never heard of"))
            .build();

    private final List<OperatorRequest> asked = new CopyOnWriteArrayList<>();
    private volatile List<GroupDetails> groups = List.of(GROUP);
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        if (request.hasElectMaster()) {
            return ok.setElectMaster(ElectMasterReply.newBuilder()
                    .setChanged(true)
                    .setGroup(GroupView.newBuilder().setMaster(2).setMasterEpoch(5)));
        }
        asked.add(request.getOperator());
        return request.getOperator().hasGroups()
                ? ok.setOperator(page(request.getOperator().getGroups()))
                : ok;
    }

    /** One a page. */
    private OperatorReply.Builder page(GroupsRequest request) {
        int from = request.hasAfter() ? 1 : 0;
        return OperatorReply.newBuilder()
                .setGroups(GroupsReply.newBuilder()
                        .addAllGroups(groups.subList(Math.min(from, groups.size()), Math.min(from + 1, groups.size())))
                        .setMore(from + 1 < groups.size()));
    }

    private static GroupDetails named(String cluster, String name) {
        return GROUP.toBuilder()
                .setGroup(GroupName.newBuilder().setCluster(cluster).setBrokerName(name))
                .build();
    }

    @Test
    void aListHasALineForEachGroupOfAllPages() {
        groups = List.of(GROUP, named("D", "broker-b").toBuilder().setMaster(0).build());
        assertEquals(0, ctl.run("group", "list"));
        assertEquals(
                """
                CLUSTER  GROUP     MASTER  EPOCH  SYNC STATE SET  SET EPOCH  ALIVE  STATE
                C        broker-a  1       4      [1]             9          1/2    degraded
                D        broker-b  -       4      [1]             9          1/2    no master
                """,
                ctl.output());
    }

    @Test
    void whoIsDrainedIsListed() {
        groups = List.of(GROUP.toBuilder()
                .setReplicas(1, GROUP.getReplicas(1).toBuilder().setDrained(true))
                .build());
        assertEquals(0, ctl.run("group", "list"));
        assertTrue(ctl.output().contains("STATE     DRAINED\n"), ctl.output());
        assertTrue(ctl.output().endsWith("degraded  2\n"), ctl.output());
    }

    @Test
    void whereNoneIsTroubledThatIsSaid() {
        GroupDetails whole =
                GROUP.toBuilder().removeReplicas(1).setSyncStateSetEpoch(1).build();
        groups = List.of(whole, named("D", "broker-b"));
        assertEquals(0, ctl.run("group", "list", "--troubled", "-o", "plain"));
        assertEquals("D\tbroker-b\t1\t4\t[1]\t9\t1/2\tdegraded\t-\n", ctl.output());
        groups = List.of(whole);
        assertEquals(0, ctl.run("group", "list", "--troubled"));
        assertEquals("The only group is ok.\n", ctl.output());
        assertEquals(0, ctl.run("group", "list", "--troubled", "-o", "plain"));
        assertEquals("", ctl.output());
        groups = List.of();
        assertEquals(0, ctl.run("group", "list"));
        assertEquals("No group has registered yet.\n", ctl.output());
    }

    @Test
    void aDescriptionHasEachReplicaAndWhyItCannotBeElected() {
        assertEquals(0, ctl.run("group", "describe", "broker-a"));
        assertEquals(
                """
                C/broker-a is degraded
                master 1 under masterEpoch 4; SyncStateSet [1] at epoch 9
                the master's lease keeps others from being elected for 1800 ms, unless it is renewed

                ID  ADDRESS         ROLE           IN SYNC  ALIVE  HEARTBEAT   THROUGH  EPOCH  OFFSET  LAG  ELECTABLE
                1   10.0.0.1:10911  master, agent  yes      yes    120 ms ago  n0       4      5000    -    yes
                2   10.0.0.2:10911  slave          no       no     none yet    -        -      -       -    never heard of
                """,
                ctl.output());
        assertEquals(0, ctl.run("group", "describe", "C/broker-a", "-o", "json"));
        assertTrue(ctl.output().contains("\"notElectable\" : \"never heard of\""), ctl.output());
        assertEquals("C", asked.get(1).getGroups().getCluster());
    }

    @Test
    void aZoneIsShownWhereSomeReplicaSaysIt() {
        ReplicaDetails.Builder inZone = GROUP.getReplicas(0).toBuilder().setZone("zone-a");
        groups = List.of(GROUP.toBuilder().setReplicas(0, inZone).build());
        assertEquals(0, ctl.run("group", "describe", "broker-a"));
        assertTrue(ctl.output().contains("ID  ADDRESS         ZONE    ROLE"), ctl.output());
        assertTrue(ctl.output().contains("1   10.0.0.1:10911  zone-a  master, agent"), ctl.output());
        assertTrue(ctl.output().contains("2   10.0.0.2:10911  -       slave"), ctl.output());
        assertEquals(0, ctl.run("group", "describe", "broker-a", "-o", "plain"));
        assertTrue(ctl.output().contains("2\t10.0.0.2:10911\t-\t-\tslave"), ctl.output());
        groups = List.of(GROUP);
        assertEquals(0, ctl.run("group", "describe", "broker-a", "-o", "plain"));
        assertTrue(ctl.output().startsWith("1\t10.0.0.1:10911\t-\t0\tmaster, agent"), ctl.output());
    }

    @Test
    void prioritiesAreShownWhereTheyDiffer() {
        ReplicaDetails.Builder slave =
                GROUP.getReplicas(1).toBuilder().setSilentMs(90).setPriority(Integer.MAX_VALUE);
        groups = List.of(GROUP.toBuilder().setReplicas(1, slave).build());
        assertEquals(0, ctl.run("group", "describe", "broker-a"));
        assertTrue(ctl.output().contains("1   10.0.0.1:10911  0         master, agent"), ctl.output());
        assertTrue(ctl.output().contains("2   10.0.0.2:10911  none      slave"), ctl.output());
    }

    @Test
    void aNameThatMeansNoneOrSeveralIsRefused() {
        groups = List.of();
        assertEquals(4, ctl.run("group", "describe", "nope"));
        assertTrue(ctl.errors().contains("group list"), ctl.errors());
        groups = List.of(GROUP, named("D", "broker-a"));
        assertEquals(2, ctl.run("group", "describe", "broker-a"));
        assertTrue(ctl.errors().contains("C/broker-a, D/broker-a"), ctl.errors());
    }

    @Test
    void anElectionThatTakesTheRoleFromALivingMasterMustBeMeant() {
        assertEquals(2, ctl.run("group", "elect", "broker-a", "--to", "2"));
        assertTrue(ctl.errors().contains("--yes"), ctl.errors());
        assertEquals(4, ctl.run("group", "elect", "broker-a", "--to", "2", "--dry-run"));
        assertTrue(ctl.errors().contains("never heard of"), ctl.errors());
        assertEquals(0, ctl.run("group", "elect", "broker-a", "--to", "2", "--yes"));
        assertEquals("elected: broker 2 is master under masterEpoch 5\n", ctl.output());
    }

    @Test
    void aRemovalMustBeMeantAndSayWhatItMeans() {
        assertEquals(2, ctl.run("group", "clean", "broker-a"));
        assertEquals(2, ctl.run("group", "clean", "broker-a", "2", "--all"));
        assertEquals(2, ctl.run("group", "clean", "broker-a", "2"));
        assertTrue(asked.stream().noneMatch(OperatorRequest::hasCleanGroup), asked.toString());

        assertEquals(0, ctl.run("group", "clean", "broker-a", "2", "--dry-run"));
        assertTrue(asked.get(asked.size() - 1).getCleanGroup().getDryRun());
        assertEquals(0, ctl.run("group", "clean", "broker-a", "2", "--yes"));
        assertEquals("removed: replicas [2] of C/broker-a\n", ctl.output());
        assertEquals(List.of(2L), asked.get(asked.size() - 1).getCleanGroup().getBrokerIdsList());
    }
}
