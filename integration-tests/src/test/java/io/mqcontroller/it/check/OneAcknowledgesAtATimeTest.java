package io.mqcontroller.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.history.Seen;
import io.mqcontroller.it.history.Send;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OneAcknowledgesAtATimeTest {
    private static final List<Seen> A_ALWAYS = List.of(seen(0, 1, 1));
    private static final List<Seen> A_THEN_B = List.of(seen(0, 1, 1), seen(100, 2, 2));
    private static final List<Seen> A_THEN_B_THEN_A = List.of(seen(0, 1, 1), seen(100, 2, 2), seen(200, 3, 1));

    private static Seen seen(long atMs, int epoch, long master) {
        return new Seen(atMs, epoch, OptionalLong.of(master));
    }

    private static Send ok(long startMs, long endMs) {
        return new Send(startMs, endMs, Send.Outcome.ACKNOWLEDGED, "k" + startMs, "");
    }

    private static Send unknown(long startMs, long endMs) {
        return new Send(startMs, endMs, Send.Outcome.UNKNOWN, "k" + startMs, "");
    }

    private static List<String> violations(List<Send> a, List<Send> b, List<Seen> masters) {
        return OneAcknowledgesAtATime.violations(Map.of("a", a, "b", b), masters);
    }

    @Test
    void acceptsOneAfterTheOther() {
        assertEquals(List.of(), violations(List.of(ok(10, 11), ok(20, 21)), List.of(ok(110, 111)), A_THEN_B));
    }

    @Test
    void acceptsThatNobodyEverChanged() {
        assertEquals(List.of(), violations(List.of(ok(10, 11), ok(20, 21)), List.of(unknown(15, 16)), A_ALWAYS));
    }

    @Test
    void acceptsWhatCannotBeToldApart() {
        assertEquals(
                List.of(), violations(List.of(ok(10, 11), ok(95, 115)), List.of(ok(105, 110), ok(120, 121)), A_THEN_B));
    }

    @Test
    void rejectsABrokerThatGoesOnAfterItsSuccessorBegan() {
        List<String> violations =
                violations(List.of(ok(10, 11), ok(120, 121)), List.of(ok(110, 111), ok(130, 131)), A_THEN_B);
        assertTrue(violations.get(0).startsWith("brokers took turns 3 times with 1 changes"), violations.toString());
    }

    @Test
    void rejectsAnAcknowledgementByOneThatNeverWasMaster() {
        assertEquals(
                3,
                violations(List.of(ok(10, 11)), List.of(ok(20, 21)), A_ALWAYS).size());
    }

    @Test
    void rejectsASuccessorThatBeginsTooSoon() {
        assertTrue(!violations(List.of(ok(10, 11), ok(30, 31), ok(50, 51)), List.of(ok(20, 21), ok(110, 111)), A_THEN_B)
                .isEmpty());
    }

    @Test
    void acceptsThereAndBackWhenTheMasterWentThereAndBack() {
        List<Send> a = List.of(ok(10, 11), ok(210, 211));
        List<Send> b = List.of(ok(110, 111));
        assertEquals(List.of(), violations(a, b, A_THEN_B_THEN_A));
        assertTrue(!violations(a, b, A_THEN_B).isEmpty());
    }

    @Test
    void acceptsAChangeInAnEpochThatWasNotSeen() {
        assertEquals(
                List.of(),
                violations(
                        List.of(ok(10, 11), ok(210, 211)),
                        List.of(ok(110, 111)),
                        List.of(seen(0, 1, 1), seen(205, 3, 1))));
    }

    @Test
    void noMasterInBetweenIsNoChange() {
        List<Seen> masters =
                List.of(seen(0, 1, 1), new Seen(50, 2, OptionalLong.empty()), new Seen(60, 3, OptionalLong.of(1)));
        assertTrue(!violations(List.of(ok(10, 11), ok(70, 71)), List.of(ok(55, 56)), masters)
                .isEmpty());
    }

    @Test
    void tellsHowLongNobodyAcknowledged() {
        Optional<OneAcknowledgesAtATime.Silence> silence = OneAcknowledgesAtATime.longestSilence(Map.of(
                "a", List.of(ok(10, 11), ok(20, 21), unknown(30, 90)), "b", List.of(ok(100, 111), ok(120, 121))));
        assertEquals(Optional.of(new OneAcknowledgesAtATime.Silence("a", "b", 21, 111)), silence);
        assertEquals(90, silence.orElseThrow().lengthMs());
    }
}
