package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row 12: a master that restarts within its timeout must not go on under its old epoch. */
class RestartTest {
    private final CoreHarness h = CoreHarness.leading();
    private final Broker one = h.broker("g", 1);
    private final Broker two = h.broker("g", 2);

    @BeforeEach
    void aGroupOfTwoInSync() {
        h.group("g", 2);
        one.epoch = 1;
        two.epoch = 1;
        one.maxOffset = 1_000;
        two.maxOffset = 1_000;
        h.pass(2_000);
    }

    @ParameterizedTest
    @CsvSource({"500, 2", "1000, 1", "1500, 1"})
    void itIsRankedAnewByTheLogItCameBackWith(long offsetAfterRestart, long winner) {
        restart(offsetAfterRestart);
        assertEquals(Optional.of(new BrokerId(winner)), h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
        assertEquals(ids(winner), h.group("g").syncStateSet().members());
        assertEquals(3, h.group("g").syncStateSet().epoch());
    }

    private void restart(long offset) {
        one.connection = 50;
        one.maxOffset = offset;
        assertFalse(h.register(one).value().masterAlive(), "it is not told that it is master");
        h.beat(one);
        assertFalse(h.electFor(one).value().changed(), "the election was held at its heartbeat");
    }

    @Test
    void itsElectionWaitsForTheFirstHeartbeatThatARequestOvertook() {
        one.maxOffset = 500;
        h.register(one);
        var answer = h.electFor(one);
        assertFalse(answer.isThere());
        h.beat(one);
        assertEquals(Optional.of(new BrokerId(2)), answer.value().view().master());
        assertEquals(2, answer.value().view().group().masterEpoch());
    }

    @Test
    void itsElectionIsHeldWithoutItsHeartbeatWhenThatDoesNotCome() {
        one.beating = false;
        h.register(one);
        var answer = h.electFor(one);
        h.pass(490);
        assertFalse(answer.isThere());
        h.pass(20);
        assertEquals(Optional.of(new BrokerId(2)), answer.value().view().master());
    }

    @Test
    void requestForAMasterWithoutRegistrationBeforeItIsARestartToo() {
        one.beating = false;
        var answer = h.electFor(one);
        assertFalse(answer.isThere());
        h.beat(one);
        assertEquals(2, answer.value().view().group().masterEpoch());
        assertTrue(answer.value().view().masterAlive());
    }

    @Test
    void othersAreElectedWhenItDoesNotComeBackWithinItsGrace() {
        one.beating = false;
        h.register(one);
        h.pass(2_900);
        assertEquals(1, h.group("g").masterEpoch());
        h.pass(200);
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
        assertEquals("g MASTER_DEAD 2", h.observer.elections.get(h.observer.elections.size() - 1));
    }

    @Test
    void heartbeatsThatItSentBeforeTheRestartDoNotCountAfterIt() {
        one.beating = false;
        byte[] late = relayOf(one, 500);
        h.register(one);
        h.pass(100);
        h.deliver(new ControllerEvent.Relayed(CoreHarness.OTHER, io.mqcontroller.raft.core.Bytes.copyOf(late)));
        assertEquals(1, h.group("g").masterEpoch());
    }

    private byte[] relayOf(Broker b, long ageMs) {
        return RelayCodec.encode(
                        new RelayCodec.Relay(
                                java.util.List.of(new io.mqcontroller.controller.liveness.HeartbeatReport(
                                        b.group,
                                        new BrokerId(b.id),
                                        b.address,
                                        b.epoch,
                                        b.maxOffset,
                                        b.maxOffset,
                                        10_000,
                                        b.priority,
                                        7,
                                        h.nowMs - ageMs)),
                                java.util.List.of()),
                        h.nowMs)
                .toByteArray();
    }

    @Test
    void masterThatAsksBecauseTheNewsCrossedItsRequestIsToldWithoutANewElection() {
        h.kill(one);
        h.pass(50);
        assertEquals(2, h.group("g").masterEpoch());
        assertFalse(h.electFor(two).value().changed());
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void registrationOfAMasterJustElectedIsARestartAllTheSame() {
        h.kill(one);
        h.pass(50);
        h.register(two);
        h.beat(two);
        assertEquals(3, h.group("g").masterEpoch());
    }

    @Test
    void newLeaderTreatsTheRequestOfTheRecordedMasterAsItsRestart() {
        h.register(one);
        h.follow(CoreHarness.OTHER);
        h.lead(2);
        var answer = h.electFor(one);
        h.beat(one);
        assertEquals(2, answer.value().view().group().masterEpoch());
    }
}
