package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Survey.Life;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All groups at one moment. */
class SurveyTest {
    private final CoreHarness h = CoreHarness.leading();

    private Survey survey() {
        List<Survey> answer = new ArrayList<>();
        h.deliver(new ControllerEvent.SurveyWanted(answer::add));
        return answer.get(0);
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
}
