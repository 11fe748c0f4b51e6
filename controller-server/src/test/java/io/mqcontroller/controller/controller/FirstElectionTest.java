package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FirstElectionTest {
    private final CoreHarness h = CoreHarness.leading();
    private final Broker one = h.broker("g", 1);
    private final Broker two = h.broker("g", 2);

    @Test
    void spoilersChangeNothingAndTheReplicaThatAsksIsElected() { // S3, row 21
        assertEquals(1L, h.ask(UseCases::nextBrokerId, CoreHarness.key("g")).value());
        h.apply(one).value();
        h.beat(one);
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.electForNobody("g").refusal());
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.designate("g", 99).refusal());
        assertEquals(Refusal.UNKNOWN_REPLICA, h.electFor(h.broker("g", 99)).refusal());
        assertEquals(0, h.group("g").masterEpoch());

        var elected = h.electFor(one).value();
        assertTrue(elected.changed());
        assertEquals(Optional.of(new BrokerId(1)), elected.view().master());
        assertEquals(1, elected.view().group().masterEpoch());
        assertEquals(ids(1), elected.view().group().syncStateSet().members());
    }

    @Test
    void requestThatOvertakesTheFirstHeartbeatOfALoneReplicaIsServedAtOnce() {
        h.apply(one).value();
        h.register(one).value();
        assertTrue(h.electFor(one).value().changed());
        assertTrue(h.info("g").value().masterAlive());
    }

    @Test
    void electedReplicaThatNeverSendsAHeartbeatDiesAfterItsIntroduction() {
        h.apply(one).value();
        one.beating = false;
        h.electFor(one).value();
        h.pass(3_100);
        assertEquals(Optional.empty(), h.group("g").master());
    }

    @Test
    void unknownGroupMustRegisterFirst() {
        assertEquals(Refusal.UNKNOWN_GROUP, h.electFor(one).refusal());
    }

    @Test
    void replicasThatHoldDataWaitForEachOtherAndTheLongestLogWins() { // row 34: the controllers were wiped
        adopt(one, 12, 1_000);
        adopt(two, 12, 9_000_000_000L);
        var early = h.electFor(one);
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, early.refusal());
        assertTrue(early.message().contains("ms more"), early.message());
        h.pass(5_900);
        assertEquals(Optional.empty(), h.group("g").master());
        h.pass(200);
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
        assertEquals(1_013, h.group("g").masterEpoch(), "above what brokers have seen");
        assertEquals(2, h.observer.adopted);
        assertEquals(3, h.group("g").nextBrokerId());
    }

    @Test
    void replicaThatOnlySendsHeartbeatsIsAdoptedWithTheOneThatRegistered() { // row 34: it is told a role and never
        // registers
        one.epoch = 12;
        one.maxOffset = 2_000;
        h.beat(one);
        adopt(two, 12, 1_000);
        h.pass(6_100);
        assertEquals(Optional.of(new BrokerId(1)), h.group("g").master());
        assertEquals(ids(1, 2), h.group("g").replicas().keySet());
        assertEquals(one.address, h.group("g").replicas().get(new BrokerId(1)).address());
        assertEquals(2, h.observer.adopted);
        assertEquals(3, h.group("g").nextBrokerId());
    }

    private void adopt(Broker b, int epoch, long maxOffset) {
        b.epoch = epoch;
        b.maxOffset = maxOffset;
        h.beat(b);
        h.register(b).value();
        h.beat(b);
    }

    @Test
    void everyRunningBrokerIsToldToRegisterNotOnlyTheOneThatAskedFirst() { // row 34
        h.beat(two);
        assertEquals(Refusal.UNKNOWN_GROUP, h.info(one).refusal());
        adopt(one, 12, 1_000);

        var told = h.info(two);
        assertEquals(Refusal.UNKNOWN_GROUP, told.refusal());
        assertTrue(told.message().contains("must register first"), told.message());

        h.register(two).value();
        assertEquals(Optional.empty(), h.info(two).value().master());
        h.pass(6_100);
        Broker late = h.broker("g", 3);
        h.beat(late);
        assertEquals(Refusal.UNKNOWN_GROUP, h.info(late).refusal());
        assertTrue(h.info(one).value().masterAlive());
    }

    @Test
    void brokerThatAnOperatorRemovedIsNotAskedBack() {
        h.group("g", 3);
        Broker three = h.broker("g", 3);
        h.clean("g", true, 3).value();
        h.beat(three);
        assertEquals(
                ids(1, 2),
                new TreeSet<>(h.info(three).value().group().replicas().keySet()));
    }

    @Test
    void newLeaderStillHoldsTheFirstElectionOfAdoptedReplicasByItself() {
        adopt(one, 12, 1_000);
        h.follow(CoreHarness.OTHER);
        h.lead(2);
        h.pass(6_100);
        assertEquals(Optional.of(new BrokerId(1)), h.group("g").master());
    }

    @Test
    void adoptedReplicasWithoutDataDoNotWait() {
        adopt(one, -1, 0);
        assertTrue(h.electFor(one).value().changed());
    }

    @Test
    void groupThatIsMadeAgainGoesOnAboveItsOldEpochs() {
        h.group("g", 2);
        h.brokers.values().forEach(h::kill);
        h.pass(100);
        h.clean("g", false, 1, 2).value();
        assertEquals(3L, h.ask(UseCases::nextBrokerId, CoreHarness.key("g")).value());
        Broker three = h.broker("g", 3);
        h.start(three);
        assertEquals(Optional.of(new BrokerId(3)), h.group("g").master());
        assertEquals(3, h.group("g").masterEpoch());
        assertEquals(4, h.group("g").syncStateSet().epoch());
    }
}
