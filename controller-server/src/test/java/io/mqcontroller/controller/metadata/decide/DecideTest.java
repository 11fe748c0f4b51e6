package io.mqcontroller.controller.metadata.decide;

import static io.mqcontroller.controller.metadata.Groups.KEY;
import static io.mqcontroller.controller.metadata.Groups.accepted;
import static io.mqcontroller.controller.metadata.Groups.alive;
import static io.mqcontroller.controller.metadata.Groups.group;
import static io.mqcontroller.controller.metadata.Groups.id;
import static io.mqcontroller.controller.metadata.Groups.ids;
import static io.mqcontroller.controller.metadata.Groups.neverElected;
import static io.mqcontroller.controller.metadata.Groups.refusalOf;
import static io.mqcontroller.controller.metadata.Groups.report;
import static io.mqcontroller.controller.metadata.Groups.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import io.mqcontroller.controller.metadata.decide.AlterSyncStateSet.Request;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One test for each way a use case can end. */
class DecideTest {
    private static final ElectionPolicy CLEAN = new InSyncFirstPolicy();

    @Nested
    class Alter {
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
            var accepted = accepted(
                    AlterSyncStateSet.decide(group, new Request(id(1), 5, ids(1, 2, 3), 8, true), alive(1, 2)));
            assertTrue(accepted.result().settled());
            assertEquals(
                    new SyncStateSet(ids(1, 2), 9), accepted.result().group().syncStateSet());
        }
    }

    @Nested
    class Elect {
        @Test
        void aLiveMasterStays() {
            assertEquals(
                    List.of(),
                    accepted(ElectMaster.byNeed(group(3, 1, 1, 2, 3), alive(1, 2, 3), CLEAN))
                            .records());
        }

        @Test
        void aDeadMasterIsReplacedByTheBestOfTheSet() {
            BrokerGroup group = group(3, 1, 1, 2);
            LivenessView live = with(alive(2, 3), 3, report(9, 1_000_000, 1));
            BrokerGroup after =
                    accepted(ElectMaster.byNeed(group, live, CLEAN)).result().group();
            assertEquals(Optional.of(id(2)), after.master());
            assertEquals(10, after.masterEpoch(), "above the epoch that replica 3 has seen");
            assertEquals(new SyncStateSet(ids(2), 9), after.syncStateSet());
        }

        @Test
        void nobodyIsRecordedOnceAndTheSetKept() {
            BrokerGroup group = group(2, 1, 1);
            BrokerGroup after = accepted(ElectMaster.byNeed(group, alive(2), CLEAN))
                    .result()
                    .group();
            assertEquals(Optional.empty(), after.master());
            assertEquals(6, after.masterEpoch());
            assertEquals(group.syncStateSet(), after.syncStateSet());
            assertEquals(Refusal.NO_ELIGIBLE_REPLICA, refusalOf(ElectMaster.byNeed(after, alive(2), CLEAN)));
        }

        @Test
        void afterARestartTheMasterMayWinButGetsANewEpoch() {
            BrokerGroup after = accepted(ElectMaster.afterRestart(group(2, 1, 1, 2), alive(1, 2), CLEAN))
                    .result()
                    .group();
            assertEquals(Optional.of(id(1)), after.master());
            assertEquals(6, after.masterEpoch());
            assertEquals(ids(1), after.syncStateSet().members());
        }

        @Test
        void uncleanElectionSaysSo() {
            var accepted = accepted(ElectMaster.byNeed(group(2, 1, 1), alive(2), new UncleanPolicy()));
            var change = (MetadataRecord.MasterChanged) accepted.records().get(0);
            assertTrue(change.unclean());
            assertEquals(Optional.of(id(2)), change.master());
        }

        @Test
        void setIsTriedFirstWhereUncleanElectionIsAllowed() {
            var accepted = accepted(
                    ElectMaster.byNeed(group(3, 1, 1, 2), with(alive(2), 3, report(9, 9_999, 1)), new UncleanPolicy()));
            assertEquals(Optional.of(id(2)), accepted.result().group().master());
        }

        @Test
        void firstElectionTakesTheLongestLogOfTheRegistered() {
            LivenessView live = with(with(alive(1), 2, report(5, 200, 9)), 3, report(7, 900, 1));
            BrokerGroup after = accepted(ElectMaster.first(neverElected(2), live, CLEAN))
                    .result()
                    .group();
            assertEquals(Optional.of(id(2)), after.master());
            assertEquals(8, after.masterEpoch());
        }

        @Test
        void firstElectionOfDeadReplicasFindsNobody() {
            assertEquals(Refusal.NO_ELIGIBLE_REPLICA, refusalOf(ElectMaster.first(neverElected(2), alive(), CLEAN)));
        }

        @Test
        void designatedReplicaIsElectedEvenWhileTheMasterLives() {
            var accepted = accepted(ElectMaster.designated(group(2, 1, 1, 2), alive(1, 2), CLEAN, id(2)));
            assertEquals(Optional.of(id(2)), accepted.result().group().master());
            assertEquals(
                    ElectionReason.OPERATOR,
                    ((MetadataRecord.MasterChanged) accepted.records().get(0)).reason());
        }

        @Test
        void designatedMasterThatLivesStays() {
            assertEquals(
                    List.of(),
                    accepted(ElectMaster.designated(group(2, 1, 1, 2), alive(1, 2), CLEAN, id(1)))
                            .records());
        }

        @Test
        void designatedReplicaMustBeRegisteredAliveAndInTheSet() {
            BrokerGroup group = group(3, 1, 1, 2);
            for (long target : List.of(9L, 2L, 3L)) {
                assertEquals(
                        Refusal.NO_ELIGIBLE_REPLICA,
                        refusalOf(ElectMaster.designated(group, alive(1, 3, 9), CLEAN, id(target))));
            }
            accepted(ElectMaster.designated(group, alive(1, 3, 9), new UncleanPolicy(), id(3)));
        }

        @Test
        void epochThatHasRunOutIsAnErrorAndNotAStepBack() {
            BrokerGroup last = new BrokerGroup(
                    KEY,
                    group(2, 1, 1).replicas(),
                    3,
                    Optional.of(id(1)),
                    Integer.MAX_VALUE,
                    new SyncStateSet(ids(1, 2), 8));
            assertThrows(ArithmeticException.class, () -> ElectMaster.byNeed(last, alive(2), CLEAN));
        }
    }

    @Nested
    class Ids {
        private final ClusterMetadata state = ClusterMetadata.EMPTY.replayAll(
                accepted(ApplyBrokerId.decide(ClusterMetadata.EMPTY, KEY, id(1), "h:1;1"))
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
                    Refusal.BROKER_ID_TAKEN,
                    refusalOf(ApplyBrokerId.decide(ClusterMetadata.EMPTY, KEY, id(2), "h:2;1")));
        }

        @Test
        void adoptionMovesTheNextIdPastTheAdoptedOne() {
            var adopted = accepted(RegisterBroker.decide(state, KEY, id(7), "h:7"));
            assertTrue(adopted.result().adopted());
            assertEquals(8, adopted.result().group().nextBrokerId());
            ClusterMetadata after = state.replayAll(adopted.records());
            accepted(ApplyBrokerId.decide(after, KEY, id(4), "h:4;1"));
            assertEquals(Refusal.BROKER_ID_TAKEN, refusalOf(ApplyBrokerId.decide(after, KEY, id(7), ";1")));
        }

        @Test
        void registrationAtANewAddressChangesOnlyThat() {
            var moved = accepted(RegisterBroker.decide(state, KEY, id(1), "other:1"));
            assertEquals(List.of(new MetadataRecord.ReplicaRegistered(KEY, id(1), "other:1")), moved.records());
            assertEquals(
                    List.of(),
                    accepted(RegisterBroker.decide(state, KEY, id(1), "h:1")).records());
        }

        @Test
        void idsThatNoGroupEverReachedAreNotAdopted() {
            assertEquals(Refusal.BAD_REQUEST, refusalOf(RegisterBroker.decide(state, KEY, id(Long.MAX_VALUE), "h:1")));
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

    @Nested
    class Clean {
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
                            KEY,
                            Optional.empty(),
                            6,
                            new SyncStateSet(ids(2), 9),
                            ElectionReason.MASTER_REMOVED,
                            false),
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
}
