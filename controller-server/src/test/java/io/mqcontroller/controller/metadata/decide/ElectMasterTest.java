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
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One test for each way in which an election can end. */
class ElectMasterTest {
    private static final ElectionPolicy CLEAN = new InSyncFirstPolicy();

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
        BrokerGroup after =
                accepted(ElectMaster.byNeed(group, alive(2), CLEAN)).result().group();
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
    }

    @Test
    void masterEpochLeapsAboveWhatBrokersFollowAndNeverWroteWhenTheControllersHaveForgotten() {
        LivenessView live = with(with(alive(1), 2, report(5, 200, 9)), 3, report(7, 900, 1));
        BrokerGroup forgotten = accepted(ElectMaster.first(neverElected(2), live, CLEAN))
                .result()
                .group();
        assertEquals(1_008, forgotten.masterEpoch());
    }

    @Test
    void masterEpochBeginsAtOneWhereNobodyHasSeenAny() {
        BrokerGroup first = accepted(ElectMaster.first(neverElected(2), with(alive(1), 1, report(0, 0, 1)), CLEAN))
                .result()
                .group();
        assertEquals(1, first.masterEpoch());
    }

    @Test
    void setEpochLeapsAboveWhatBrokersRememberWhenTheControllersHaveForgotten() {
        BrokerGroup forgotten = accepted(
                        ElectMaster.first(neverElected(2), with(alive(1), 1, report(5, 100, 1)), CLEAN))
                .result()
                .group();
        assertEquals(11_060_000, forgotten.syncStateSet().epoch());
        BrokerGroup forgottenAgain = accepted(
                        ElectMaster.first(neverElected(2), with(alive(1), 1, report(6, 100, 1)), CLEAN))
                .result()
                .group();
        assertTrue(
                forgottenAgain.syncStateSet().epoch() > forgotten.syncStateSet().epoch() + 9_999);
        BrokerGroup absurd = accepted(
                        ElectMaster.first(neverElected(2), with(alive(1), 1, report(999_999, 100, 1)), CLEAN))
                .result()
                .group();
        assertEquals(Integer.MAX_VALUE / 2, absurd.syncStateSet().epoch());
    }

    @Test
    void setEpochGrowsByOneWhenNothingWasForgotten() {
        BrokerGroup before = group(2, 1, 1, 2);
        BrokerGroup after =
                accepted(ElectMaster.byNeed(before, alive(2), CLEAN)).result().group();
        assertEquals(before.syncStateSet().epoch() + 1, after.syncStateSet().epoch());
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
