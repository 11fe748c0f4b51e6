package io.mqcontroller.controller.metadata.decide;

import static io.mqcontroller.controller.metadata.Groups.KEY;
import static io.mqcontroller.controller.metadata.Groups.accepted;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.id;
import static io.mqcontroller.controller.metadata.Groups.refusalOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test for each way in which a broker can get, keep or miss its id. */
class BrokerIdsTest {
    private final ClusterMetadata state =
            ClusterMetadata.EMPTY.replayAll(accepted(ApplyBrokerId.decide(ClusterMetadata.EMPTY, KEY, id(1), "h:1;1"))
                    .records());

    @Test
    void firstIdMakesTheGroup() {
        BrokerGroup group = state.group(KEY).orElseThrow();
        assertEquals("h:1", group.replicas().get(id(1)).address());
        assertEquals(2, group.nextBrokerId());
    }

    @Test
    void sameCheckCodeAgainIsARetry() {
        assertEquals(
                List.of(),
                accepted(ApplyBrokerId.decide(state, KEY, id(1), "h:1;1")).records());
    }

    @Test
    void idOfSomebodyElseIsTaken() {
        assertEquals(Refusal.BROKER_ID_TAKEN, refusalOf(ApplyBrokerId.decide(state, KEY, id(1), "h:1;2")));
    }

    @Test
    void idBeyondTheNextIsRefused() {
        assertEquals(Refusal.BROKER_ID_TAKEN, refusalOf(ApplyBrokerId.decide(state, KEY, id(3), "h:3;1")));
        assertEquals(
                Refusal.BROKER_ID_TAKEN, refusalOf(ApplyBrokerId.decide(ClusterMetadata.EMPTY, KEY, id(2), "h:2;1")));
    }

    @Test
    void adoptionMovesTheNextIdPastTheAdoptedOne() {
        var adopted = accepted(RegisterBroker.decide(state, KEY, id(7), "h:7", false));
        assertTrue(adopted.result().adopted());
        assertEquals(8, adopted.result().group().nextBrokerId());
        ClusterMetadata after = state.replayAll(adopted.records());
        accepted(ApplyBrokerId.decide(after, KEY, id(4), "h:4;1"));
        assertEquals(Refusal.BROKER_ID_TAKEN, refusalOf(ApplyBrokerId.decide(after, KEY, id(7), ";1")));
    }

    @Test
    void registrationAtANewAddressChangesOnlyThat() {
        var moved = accepted(RegisterBroker.decide(state, KEY, id(1), "other:1", false));
        assertEquals(List.of(new MetadataRecord.ReplicaRegistered(KEY, id(1), "other:1")), moved.records());
        assertEquals(
                List.of(),
                accepted(RegisterBroker.decide(state, KEY, id(1), "h:1", false)).records());
    }

    @Test
    void idsThatNoGroupEverReachedAreNotAdopted() {
        assertEquals(
                Refusal.BAD_REQUEST, refusalOf(RegisterBroker.decide(state, KEY, id(Long.MAX_VALUE), "h:1", false)));
    }

    @Test
    void groupThatIsMadeAgainGoesOnFromItsTombstone() {
        ClusterMetadata removed = state.replay(new MetadataRecord.GroupRemoved(KEY, new Tombstone(4, 5, 8)));
        assertEquals(4, removed.tombstone(KEY).nextBrokerId());
        ClusterMetadata again = removed.replayAll(
                accepted(ApplyBrokerId.decide(removed, KEY, id(4), "h:4;1")).records());
        BrokerGroup group = again.group(KEY).orElseThrow();
        assertEquals(5, group.masterEpoch());
        assertEquals(8, group.syncStateSet().epoch());
        assertEquals(5, group.nextBrokerId());
        assertTrue(!group.everElected());
        assertEquals(0, again.tombstones().size());
    }
}
