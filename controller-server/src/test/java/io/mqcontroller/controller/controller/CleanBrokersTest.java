package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CleanBrokersTest {
    private final CoreHarness h = CoreHarness.leading();

    @BeforeEach
    void aGroupOfThreeInSync() {
        h.group("g", 3);
    }

    @Test
    void livingReplicaThatIsNamedGoesAndNothingElse() { // S4 a
        h.clean("g", true, 3).value();
        assertEquals(ids(1, 2), h.group("g").replicas().keySet());
        assertEquals(ids(1, 2), h.group("g").syncStateSet().members());
        assertEquals(4, h.group("g").syncStateSet().epoch(), "every change of the set has its epoch (row 26)");
        assertEquals(1, h.group("g").masterEpoch());
        assertEquals(4, h.group("g").nextBrokerId());
    }

    @Test
    void removalOfTheWholeSetLeavesTheOthersAndTheEpochs() { // S4 b
        h.brokers.values().forEach(h::kill);
        h.pass(100);
        h.clean("g", false, 1, 2, 3).value();
        assertTrue(h.core.state().metadata().group(CoreHarness.key("g")).isEmpty());
        assertEquals(Refusal.UNKNOWN_GROUP, h.info("g").refusal());
    }

    @Test
    void whenAllOfTheSetIsRemovedNobodyIsEligibleUntilAnOperatorDecides() { // S4 b
        h.alter("g", 1, 1, ids(1, 2), 3).value();
        h.brokers.values().forEach(h::kill);
        h.pass(100);
        h.clean("g", false, 1, 2).value();
        assertEquals(ids(3), h.group("g").replicas().keySet());
        assertEquals(4, h.group("g").nextBrokerId());
        assertEquals(2, h.group("g").masterEpoch());
        h.broker("g", 3).beating = true;
        h.pass(2_000);
        var refused = h.electFor(h.broker("g", 3));
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, refused.refusal());
        assertTrue(refused.message().contains("all its members were removed"), refused.message());
        assertEquals(Optional.empty(), h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void deadMasterThatIsRemovedBeforeItsDeathWasNoticedLeavesNoMaster() {
        h.brokers.values().forEach(b -> b.beating = false);
        h.close(h.broker("g", 1).connection);
        h.commits = false;
        h.pass(60);
        h.commits = true;
        h.settle();
        h.clean("g", false, 1).value();
        assertEquals(ids(2, 3), h.group("g").replicas().keySet());
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
    }

    @Test
    void liveMasterIsNeverRemoved() {
        for (List<Long> ids : List.of(List.of(1L), List.of(1L, 2L, 3L), List.<Long>of())) {
            var refused =
                    h.clean("g", true, ids.stream().mapToLong(Long::longValue).toArray());
            assertEquals(Refusal.CLEAN_REFUSED, refused.refusal());
        }
        assertTrue(h.clean("g", true, 1).message().contains("hand over first with electMaster"));
    }

    @Test
    void livingReplicaIsNotRemovedUnlessThatIsAskedFor() {
        assertEquals(Refusal.CLEAN_REFUSED, h.clean("g", false, 3).refusal());
    }

    @Test
    void unknownReplicaIsRefused() {
        assertEquals(Refusal.CLEAN_REFUSED, h.clean("g", true, 3, 9).refusal());
        assertEquals(ids(1, 2, 3), h.group("g").replicas().keySet());
    }

    @Test
    void groupWithARecordedMasterIsNotRemovedAsAWhole() {
        assertEquals(Refusal.CLEAN_REFUSED, h.clean("g", false).refusal());
    }

    @Test
    void groupWithoutMasterIsNotRemovedWhileAReplicaLives() {
        h.alter("g", 1, 1, ids(1), 3).value();
        h.kill(h.broker("g", 1));
        h.pass(100);
        assertEquals(Optional.empty(), h.group("g").master());
        assertEquals(Refusal.CLEAN_REFUSED, h.clean("g", false).refusal());
        h.clean("g", true).value();
        assertEquals(
                2, h.core.state().metadata().tombstone(CoreHarness.key("g")).masterEpoch());
    }

    @Test
    void brokerOfARemovedGroupIsAdoptedAgainUnderHigherEpochs() {
        h.alter("g", 1, 1, ids(1), 3).value();
        h.kill(h.broker("g", 1));
        h.pass(100);
        h.clean("g", true).value();
        var two = h.broker("g", 2);
        h.register(two).value();
        h.beat(two);
        assertTrue(h.electFor(two).value().changed());
        assertEquals(3, h.group("g").masterEpoch());
        assertEquals(4, h.group("g").nextBrokerId());
    }
}
