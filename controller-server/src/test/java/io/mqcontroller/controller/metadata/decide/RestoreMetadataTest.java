package io.mqcontroller.controller.metadata.decide;

import static io.mqcontroller.controller.metadata.Groups.KEY;
import static io.mqcontroller.controller.metadata.Groups.accepted;
import static io.mqcontroller.controller.metadata.Groups.alive;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.id;
import static io.mqcontroller.controller.metadata.Groups.ids;
import static io.mqcontroller.controller.metadata.Groups.report;
import static io.mqcontroller.controller.metadata.Groups.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.PersistentSortedMap;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestoreMetadataTest {
    private static final GroupKey GONE = new GroupKey("C", "gone");
    private static final long LEASE_MS = 7_000;

    private final BrokerGroup old = group(3, 1, 1, 2);
    private final ClusterMetadata restored = RestoreMetadata.from(new ClusterMetadata(
            PersistentSortedMap.<GroupKey, BrokerGroup>empty().with(KEY, old),
            PersistentSortedMap.<GroupKey, Tombstone>empty().with(GONE, new Tombstone(4, 8, 9)),
            LEASE_MS));
    private final BrokerGroup group = restored.group(KEY).orElseThrow();

    @Test
    void whoBelongsToAGroupIsKnownButNotWhoIsMasterOrInSync() {
        assertEquals(old.replicas().keySet(), group.replicas().keySet());
        assertEquals(
                old.replicas().get(id(2)).address(), group.replicas().get(id(2)).address());
        assertEquals(Optional.empty(), group.master());
        assertFalse(group.everElected());
        assertEquals(ids(), group.syncStateSet().members());
    }

    @Test
    void whatMustNeverGoBackLeapsAboveWhatWasGivenOutSince() {
        assertEquals(old.masterEpoch() + 1_000, group.masterEpoch());
        assertTrue(group.syncStateSet().epoch() > old.syncStateSet().epoch() + 1_000_000);
        assertEquals(old.nextBrokerId() + 100, group.nextBrokerId());
        assertEquals(104, restored.tombstone(GONE).nextBrokerId());
        assertEquals(1_008, restored.tombstone(GONE).masterEpoch());
        assertTrue(restored.tombstone(GONE).syncStateSetEpoch() > 1_000_000);
        assertEquals(LEASE_MS, restored.masterLeaseMs());
    }

    @Test
    void theLongestLogWinsUnderAnEpochAboveAllThatBrokersHaveSeen() {
        // Replica 3 was no member of the set when the snapshot was taken; it has been master since.
        LivenessView live = with(alive(1, 2, 3), 3, report(group.masterEpoch() + 5, 900, 1));
        BrokerGroup elected = accepted(ElectMaster.first(group, live, new InSyncFirstPolicy()))
                .result()
                .group();
        assertEquals(Optional.of(id(3)), elected.master());
        assertTrue(elected.masterEpoch() > group.masterEpoch() + 5);
        assertTrue(elected.syncStateSet().epoch() > group.syncStateSet().epoch());
    }

    @Test
    void aSecondRestorationLeapsAgain() {
        ClusterMetadata again = RestoreMetadata.from(restored);
        assertEquals(old.masterEpoch() + 2_000, again.group(KEY).orElseThrow().masterEpoch());
        assertTrue(again.group(KEY).orElseThrow().syncStateSet().epoch()
                > group.syncStateSet().epoch());
    }
}
