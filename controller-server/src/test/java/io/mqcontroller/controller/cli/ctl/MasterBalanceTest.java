package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.MasterBalance.Move;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class MasterBalanceTest {
    private final List<GroupDetails> groups = new ArrayList<>();

    /** A new group; its first replica, 1, is master. Each is told as machine, or as zone/machine. */
    private GroupDetails.Builder group(String... replicas) {
        GroupDetails.Builder group = GroupDetails.newBuilder()
                .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("g" + groups.size()))
                .setMaster(1);
        for (String replica : replicas) {
            int slash = replica.indexOf('/');
            long id = group.getReplicasCount() + 1L;
            group.addSyncStateSet(id)
                    .addReplicas(ReplicaDetails.newBuilder()
                            .setBrokerId(id)
                            .setZone(replica.substring(0, Math.max(0, slash)))
                            .setAddress(replica.substring(slash + 1) + ":10911")
                            .setAgent(true)
                            .setAlive(true));
        }
        return group;
    }

    private void add(String... replicas) {
        groups.add(group(replicas).build());
    }

    private void add(int replica, UnaryOperator<ReplicaDetails.Builder> change, String... replicas) {
        GroupDetails.Builder group = group(replicas);
        change.apply(group.getReplicasBuilder(replica - 1));
        groups.add(group.build());
    }

    private List<String> plan() {
        return new MasterBalance(groups)
                .plan().stream()
                        .map(move -> move.group().getBrokerName() + " -> "
                                + move.to().place().machine())
                        .toList();
    }

    private List<Integer> mastersAfterwards() {
        MasterBalance balance = new MasterBalance(groups);
        balance.plan().forEach(balance::apply);
        return List.copyOf(balance.masters().values());
    }

    @Test
    void mastersOfOneMachineAreSpreadOverAll() {
        for (int i = 0; i < 6; i++) {
            add("m1", "m2", "m3");
        }
        assertEquals(List.of(2, 2, 2), mastersAfterwards());
        assertEquals(4, plan().size(), "no move more than it takes");
    }

    @Test
    void aDifferenceOfOneIsLeft() {
        add("m1", "m2");
        add("m1", "m2");
        add("m2", "m1");
        assertEquals(List.of(), plan());
    }

    @Test
    void zonesComeBeforeMachines() {
        // Both machines of zone a have one master each, and the one of zone b has none.
        add("a/m1", "b/m3");
        add("a/m2", "b/m3");
        assertEquals(List.of("g0 -> m3"), plan());
        assertEquals(List.of(0, 1, 1), mastersAfterwards());
    }

    @Test
    void aChainOfMovesIsMadeWhereNoSingleOneHelps() {
        // Machines in a ring: the one with too many has no group in common with the one without any.
        add("m1", "m2");
        add("m1", "m2");
        add("m2", "m3");
        assertEquals(List.of("g2 -> m3", "g0 -> m2"), plan(), "room is made before it is taken");
        assertEquals(List.of(1, 1, 1), mastersAfterwards());
    }

    @Test
    void aChainEvensZonesToo() {
        add("a/m1", "b/m2");
        add("a/m1", "b/m2");
        add("b/m2", "c/m3");
        assertEquals(List.of(1, 1, 1), mastersAfterwards());
    }

    @Test
    void aMachineStandsInTheZoneThatAnyOfItsBrokersNames() {
        add("a/m1", "b/m2");
        add("m1", "m2");
        assertEquals(List.of("g0 -> m2"), plan());
        assertEquals(List.of(1, 1), mastersAfterwards());
    }

    @Test
    void brokersOfOneMachineThatNameDifferentZonesStandWhereEachSays() {
        add("a/m1", "b/m1");
        add("a/m1", "m1");
        assertEquals(List.of("g0 -> m1"), plan());
        assertEquals(3, mastersAfterwards().size());
    }

    @Test
    void noDistributionIsMoreEvenThanThePlannedOne() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            groups.clear();
            int machines = 2 + random.nextInt(4);
            for (int i = 0; i < 7; i++) {
                int first = random.nextInt(machines);
                add("m" + first, "m" + (first + 1 + random.nextInt(machines - 1)) % machines);
            }
            MasterBalance balance = new MasterBalance(groups);
            List<Move> plan = balance.plan();
            plan.forEach(balance::apply);
            assertEquals(leastUnevenness(), unevenness(balance), "round " + round);
            assertTrue(plan.stream().map(Move::group).distinct().count() == plan.size(), "each group once");
        }
    }

    /** By trying all: each group's master on the one machine or the other. */
    private long leastUnevenness() {
        long least = Long.MAX_VALUE;
        for (int chosen = 0; chosen < 1 << groups.size(); chosen++) {
            Map<String, Long> masters = new HashMap<>();
            for (int i = 0; i < groups.size(); i++) {
                masters.merge(groups.get(i).getReplicas(chosen >> i & 1).getAddress(), 1L, Long::sum);
            }
            least = Math.min(
                    least,
                    masters.values().stream().mapToLong(count -> count * count).sum());
        }
        return least;
    }

    @Test
    void onlyWhoCouldTakeOverNowIsMovedTo() {
        for (int i = 0; i < 2; i++) {
            add(2, replica -> replica.setDrained(true), "m1", "m2");
            add(2, replica -> replica.setAgent(false), "m1", "m3");
            add(2, replica -> replica.setAlive(false), "m1", "m4");
            add(2, replica -> replica.setNotElectable("it is a learner"), "m1", "m5");
            GroupDetails.Builder outside = group("m1", "m6");
            groups.add(outside.clearSyncStateSet().addSyncStateSet(1).build());
        }
        assertEquals(List.of(), plan());
    }

    @Test
    void mastersWithoutAnAgentCountButStay() {
        add(1, replica -> replica.setAgent(false), "m1", "m2");
        add(1, replica -> replica.setAgent(false), "m1", "m2");
        add("m1", "m2");
        assertEquals(List.of("g2 -> m2"), plan());
    }

    @Test
    void aGroupWithoutMasterIsNoBurden() {
        groups.add(group("m1", "m2").clearMaster().build());
        assertEquals(List.of(), plan());
        assertEquals(
                List.of(0, 0), List.copyOf(new MasterBalance(groups).masters().values()));
    }

    @Test
    void whereverTheyBeginEachMoveMakesItMoreEvenAndManyGroupsAreNoTrouble() {
        Random random = new Random(1);
        List<String> machines = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            machines.add("z" + i % 3 + "/m" + i);
        }
        for (int i = 0; i < 3_000; i++) {
            Collections.shuffle(machines, random);
            List<String> replicas = new ArrayList<>(machines.subList(0, 3));
            replicas.sort(null);
            add(replicas.toArray(new String[0]));
        }
        MasterBalance balance = new MasterBalance(groups);
        long uneven = unevenness(balance);
        List<Move> plan = balance.plan();
        assertEquals(uneven, unevenness(balance), "a plan alone changes nothing");
        assertTrue(plan.stream().map(Move::group).distinct().count() == plan.size(), "each group once");
        plan.forEach(balance::apply);
        int[] counts =
                balance.masters().values().stream().mapToInt(count -> count).toArray();
        assertEquals(3_000, Arrays.stream(counts).sum());
        assertTrue(
                Arrays.stream(counts).max().orElseThrow()
                                - Arrays.stream(counts).min().orElseThrow()
                        <= 1,
                Arrays.toString(counts));
    }

    private static long unevenness(MasterBalance balance) {
        return balance.masters().values().stream()
                .mapToLong(count -> (long) count * count)
                .sum();
    }
}
