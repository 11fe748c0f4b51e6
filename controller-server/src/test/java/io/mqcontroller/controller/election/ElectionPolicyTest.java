package io.mqcontroller.controller.election;

import static io.mqcontroller.controller.metadata.Groups.alive;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.id;
import static io.mqcontroller.controller.metadata.Groups.ids;
import static io.mqcontroller.controller.metadata.Groups.report;
import static io.mqcontroller.controller.metadata.Groups.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ElectionPolicy.Ballot;
import io.mqcontroller.controller.metadata.ElectionPolicy.Choice;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.decide.ElectMaster;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElectionPolicyTest {
    /** Epoch, offset and priority of replicas 2 and 3; who wins (row 11). */
    @ParameterizedTest
    @CsvSource({
        "5, 100, 1,  5, 100, 1,  2", // all alike: the lower id
        "5, 100, 1,  5, 101, 1,  3",
        "5, 0, 1,  5, 3000000000, 1,  3", // farther apart than 32 bits can say
        "5, 9000000000000, 1,  5, 1, 1,  2",
        "5, 9000000000000, 1,  6, 1, 1,  3", // the epoch comes first
        "5, 100, 2147483647,  5, 100, -2147483648,  3", // priorities that cannot be subtracted
        "5, 100, -2147483648,  5, 100, 2147483647,  2",
        "5, 100, 7,  5, 101, 1000,  3", // the log comes before the priority
        "-1, -1, 1,  -1, 0, 9,  3",
    })
    void ranksByEpochThenLogThenPriorityThenId(
            int epoch2, long offset2, int priority2, int epoch3, long offset3, int priority3, long winner) {
        LivenessView live =
                with(with(alive(), 2, report(epoch2, offset2, priority2)), 3, report(epoch3, offset3, priority3));
        assertEquals(Optional.of(id(winner)), Ranking.best(ids(2, 3), live));
    }

    @Test
    void aMasterThatIsStillEligibleStaysWhoeverRanksHigher() {
        LivenessView live = with(alive(1), 2, report(9, 9_999, 0));
        assertEquals(
                Optional.of(new Choice(id(1), false)),
                new InSyncFirstPolicy().choose(group(2, 1, 1, 2), live, Ballot.OPEN));
        assertEquals(
                Optional.of(new Choice(id(2), false)),
                new InSyncFirstPolicy().choose(group(2, 1, 1, 2), live, Ballot.RANKED));
    }

    @Test
    void everyPatternOfLifeElectsIfAndOnlyIfTheMasterIsDeadAndAnEligibleReplicaLives() { // row 13
        for (int pattern = 0; pattern < 8; pattern++) {
            int bits = pattern;
            long[] living = LongStream.rangeClosed(1, 3)
                    .filter(i -> (bits >> (i - 1) & 1) == 1)
                    .toArray();
            for (int set = 1; set < 8; set += 2) { // the master, 1, is always in it
                int setBits = set;
                long[] members = LongStream.rangeClosed(1, 3)
                        .filter(i -> (setBits >> (i - 1) & 1) == 1)
                        .toArray();
                BrokerGroup group = group(3, 1, members);
                Decision<ElectMaster.Election> decision =
                        ElectMaster.byNeed(group, alive(living), new InSyncFirstPolicy());
                boolean masterLives = (bits & 1) == 1;
                boolean eligible = (bits & setBits) != 0;
                var accepted = (Decision.Accepted<ElectMaster.Election>) decision;
                String which = "alive " + bits + " set " + setBits;
                assertEquals(masterLives, accepted.records().isEmpty(), which);
                if (!masterLives) {
                    var change =
                            (MetadataRecord.MasterChanged) accepted.records().get(0);
                    assertEquals(eligible, change.master().isPresent(), which);
                    change.master()
                            .ifPresent(winner ->
                                    assertEquals(true, group.syncStateSet().contains(winner), which));
                }
            }
        }
    }

    @Test
    void replicaWithAnAgentIsNotElectedFirstBeforeItsHeartbeatHasSaidWhetherItIsALearner() {
        TreeMap<BrokerId, Replica> replicas = new TreeMap<>();
        replicas.put(id(1), new Replica(id(1), "b1:1", "x;1", true));
        BrokerGroup group =
                new BrokerGroup(new GroupKey("C", "g"), replicas, 2, Optional.empty(), 0, SyncStateSet.EMPTY);
        assertEquals(
                Optional.empty(),
                new InSyncFirstPolicy().choose(group, with(alive(), 1, report(-1, -1, 0)), Ballot.only(id(1))));
        assertEquals(
                Optional.of(new Choice(id(1), false)),
                new InSyncFirstPolicy().choose(group, with(alive(), 1, report(-1, 0, 0)), Ballot.only(id(1))));
    }

    @Test
    void replicaWithAnAgentIsNotElectedUncleanlyBeforeItsHeartbeatHasSaidWhetherItIsALearner() {
        TreeMap<BrokerId, Replica> replicas = new TreeMap<>();
        replicas.put(id(1), new Replica(id(1), "b1:1", "x;1", true));
        replicas.put(id(2), new Replica(id(2), "b2:1", "x;2", true));
        BrokerGroup group = new BrokerGroup(
                new GroupKey("C", "g"), replicas, 3, Optional.of(id(1)), 1, new SyncStateSet(ids(1), 1));
        assertEquals(
                Optional.empty(),
                new UncleanPolicy().choose(group, with(alive(), 2, report(-1, -1, 0)), Ballot.only(id(2))));
        assertEquals(
                Optional.of(new Choice(id(2), true)),
                new UncleanPolicy().choose(group, with(alive(), 2, report(-1, 0, 0)), Ballot.only(id(2))));
    }
}
