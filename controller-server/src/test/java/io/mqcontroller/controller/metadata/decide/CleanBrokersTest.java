package io.mqcontroller.controller.metadata.decide;

import static io.mqcontroller.controller.metadata.Groups.KEY;
import static io.mqcontroller.controller.metadata.Groups.accepted;
import static io.mqcontroller.controller.metadata.Groups.alive;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.ids;
import static io.mqcontroller.controller.metadata.Groups.refusalOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One test for each way in which a removal can end. */
class CleanBrokersTest {
    @Test
    void memberOfTheSetGoesUnderANewSetEpoch() {
        var records = accepted(CleanBrokers.decide(group(3, 1, 1, 2, 3), ids(3), true, alive(1, 2, 3)))
                .records();
        assertEquals(
                List.of(
                        new MetadataRecord.SyncStateSetChanged(KEY, new SyncStateSet(ids(1, 2), 9)),
                        new MetadataRecord.ReplicasRemoved(KEY, ids(3))),
                records);
    }

    @Test
    void replicaOutsideTheSetGoesWithoutTouchingIt() {
        assertEquals(
                List.of(new MetadataRecord.ReplicasRemoved(KEY, ids(3))),
                accepted(CleanBrokers.decide(group(3, 1, 1, 2), ids(3), false, alive(1, 2)))
                        .records());
    }

    @Test
    void deadMasterGoesUnderANewMasterEpoch() {
        var records = accepted(CleanBrokers.decide(group(2, 1, 1, 2), ids(1), false, alive(2)))
                .records();
        assertEquals(
                new MetadataRecord.MasterChanged(
                        KEY, Optional.empty(), 6, new SyncStateSet(ids(2), 9), ElectionReason.MASTER_REMOVED, false),
                records.get(0));
    }

    @Test
    void lastReplicaTakesTheGroupWithItAndLeavesATombstone() {
        assertEquals(
                List.of(new MetadataRecord.GroupRemoved(KEY, new Tombstone(3, 5, 9))),
                accepted(CleanBrokers.decide(group(2, 0, 1), ids(1, 2), false, alive()))
                        .records());
    }

    @Test
    void refusalsNameWhatIsInTheWay() {
        BrokerGroup group = group(3, 1, 1, 2, 3);
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group, ids(1), true, alive(1))));
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group, ids(2), false, alive(1, 2))));
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group, ids(9), true, alive(1))));
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group, ids(), false, alive())));
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group, ids(), true, alive(1))));
        assertEquals(Refusal.CLEAN_REFUSED, refusalOf(CleanBrokers.decide(group(2, 0, 1), ids(), false, alive(2))));
    }
}
