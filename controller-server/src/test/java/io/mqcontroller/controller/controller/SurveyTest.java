package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.controller.service.Survey.Life;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** All groups at one moment. */
class SurveyTest {
    private final CoreHarness h = CoreHarness.leading();

    private final Deque<ControllerEvent> mailbox = new ArrayDeque<>();

    private Survey survey() {
        CompletableFuture<Survey> survey = SurveyInParts.begin(mailbox::add).toCompletableFuture();
        deliverAll();
        return survey.join();
    }

    private int deliverAll() {
        int delivered = 0;
        for (; !mailbox.isEmpty(); delivered++) {
            h.deliver(mailbox.remove());
        }
        return delivered;
    }

    private Life life(long id) {
        return survey().livesOf(h.group("g")).get(new BrokerId(id));
    }

    @Test
    void theLeaderKnowsWhoIsAlive() {
        h.group("g", 2);
        h.pass(1_500);
        assertTrue(survey().leading());
        assertTrue(life(1).alive());
        assertTrue(life(2).alive());

        h.kill(h.broker("g", 2));
        h.pass(1_000);

        assertTrue(life(1).alive());
        assertFalse(life(2).alive());
    }

    @Test
    void withoutAnAgentTheHeartbeatsTellWhatASlaveDoesNotHave() {
        h.group("g", 2);
        h.broker("g", 1).maxOffset = 5_000;
        h.broker("g", 2).maxOffset = 3_000;
        h.pass(1_500);

        assertEquals(new Life(true, 0, 0), life(1));
        assertEquals(new Life(true, -1, 2_000), life(2));
    }

    @Test
    void aFollowerKnowsTheGroupsOnly() {
        h.group("g", 2);
        h.follow(new NodeId("n2"));

        Survey survey = survey();

        assertFalse(survey.leading());
        assertEquals(Optional.of(new NodeId("n2")), survey.leader());
        assertEquals(
                Optional.of(new BrokerId(1)),
                survey.metadata().group(CoreHarness.key("g")).orElseThrow().master());
        assertTrue(survey.livesOf(h.group("g")).isEmpty());
    }

    @Test
    void manyGroupsAreSurveyedSomeAtATimeSoThatOtherEventsGetBetween() {
        int count = 2 * SurveyInParts.GROUPS_AT_ONCE + 1;
        for (int i = 0; i < count; i++) {
            h.group("g" + i, 1);
        }
        h.pass(1_500);
        CompletableFuture<Survey> survey = SurveyInParts.begin(mailbox::add).toCompletableFuture();

        assertEquals(1 + 3, deliverAll(), "events, none of which is about more groups");

        assertEquals(count, survey.join().lives().size());
        assertTrue(survey.join().lives().values().stream()
                .allMatch(lives -> lives.get(new BrokerId(1)).alive()));
    }

    @Test
    void whoLosesTheLeadMeanwhileSaysNothingOfTheRest() {
        h.group("g", 2);
        CompletableFuture<Survey> survey = SurveyInParts.begin(mailbox::add).toCompletableFuture();
        h.deliver(mailbox.remove());
        h.follow(new NodeId("n2"));
        deliverAll();

        assertTrue(survey.join().livesOf(h.group("g")).isEmpty());
    }

    @Test
    void aLoopWithTooMuchToDoIsNotWaitedFor() {
        h.group("g", 2);
        AtomicInteger room = new AtomicInteger(1);
        CompletableFuture<Survey> survey = SurveyInParts.begin(
                        event -> room.getAndDecrement() > 0 && mailbox.add(event))
                .toCompletableFuture();
        assertFalse(survey.isDone());
        deliverAll();
        assertTrue(survey.isCompletedExceptionally());
    }
}
