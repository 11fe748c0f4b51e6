package io.mqcontroller.controller.metadata.decide;

import static io.mqcontroller.controller.metadata.Groups.KEY;
import static io.mqcontroller.controller.metadata.Groups.accepted;
import static io.mqcontroller.controller.metadata.Groups.alive;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.id;
import static io.mqcontroller.controller.metadata.Groups.ids;
import static io.mqcontroller.controller.metadata.Groups.refusalOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.decide.AlterSyncStateSet.Request;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** One test for each way in which a change of the set can end. */
class AlterSyncStateSetTest {
    private final BrokerGroup group = group(3, 1, 1, 2);

    private Decision<AlterSyncStateSet.Altered> decide(
            long master, int masterEpoch, SortedSet<BrokerId> set, int epoch, LivenessView live) {
        return AlterSyncStateSet.decide(group, new Request(id(master), masterEpoch, set, epoch, false), live);
    }

    @Test
    void takesTheNewSetUnderTheNextEpoch() {
        var accepted = accepted(decide(1, 5, ids(1, 3), 8, alive(3)));
        SyncStateSet expected = new SyncStateSet(ids(1, 3), 9);
        assertEquals(List.of(new MetadataRecord.SyncStateSetChanged(KEY, expected)), accepted.records());
        assertEquals(expected, accepted.result().group().syncStateSet());
    }

    @Test
    void refusesWhoIsNotMaster() {
        assertEquals(Refusal.NOT_THE_MASTER, refusalOf(decide(2, 5, ids(1, 2), 8, alive(1, 2))));
    }

    @Test
    void refusesAnybodyWhileThereIsNoMaster() {
        assertEquals(
                Refusal.NOT_THE_MASTER,
                refusalOf(AlterSyncStateSet.decide(
                        group(2, 0, 1), new Request(id(1), 5, ids(1, 2), 8, false), alive(1, 2))));
    }

    @Test
    void refusesAnOldMasterEpochBeforeItLooksAtTheSet() {
        assertEquals(Refusal.STALE_MASTER_EPOCH, refusalOf(decide(1, 4, ids(1, 2), 8, alive(1, 2))));
    }

    @Test
    void acceptsTheSetInForceUnderAnyOldEpochWithoutARecord() {
        var accepted = accepted(decide(1, 5, ids(1, 2), 3, alive()));
        assertEquals(List.of(), accepted.records());
        assertEquals(group, accepted.result().group());
    }

    @Test
    void refusesAnOldSetEpoch() {
        assertEquals(Refusal.STALE_SYNC_STATE_SET_EPOCH, refusalOf(decide(1, 5, ids(1), 7, alive(1))));
    }

    @Test
    void refusesAStranger() {
        assertEquals(Refusal.UNKNOWN_REPLICA, refusalOf(decide(1, 5, ids(1, 9), 8, alive(1, 9))));
    }

    @Test
    void refusesASetWithoutItsMaster() {
        assertEquals(Refusal.BAD_SYNC_STATE_SET, refusalOf(decide(1, 5, ids(2, 3), 8, alive(2, 3))));
        assertEquals(Refusal.BAD_SYNC_STATE_SET, refusalOf(decide(1, 5, ids(), 8, alive())));
    }

    @Test
    void refusesADeadNewcomerButNotADeadMember() {
        assertEquals(Refusal.REPLICA_NOT_ALIVE, refusalOf(decide(1, 5, ids(1, 2, 3), 8, alive(1, 2))));
        accepted(decide(1, 5, ids(1, 2, 3), 8, alive(3)));
    }

    @Test
    void settlesARefusedExpansionWithTheOldSetUnderAHigherEpoch() {
        var accepted =
                accepted(AlterSyncStateSet.decide(group, new Request(id(1), 5, ids(1, 2, 3), 8, true), alive(1, 2)));
        assertTrue(accepted.result().settled());
        assertEquals(new SyncStateSet(ids(1, 2), 9), accepted.result().group().syncStateSet());
    }
}
