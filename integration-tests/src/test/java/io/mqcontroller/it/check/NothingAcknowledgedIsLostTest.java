package io.mqcontroller.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.List;
import org.junit.jupiter.api.Test;

class NothingAcknowledgedIsLostTest {
    private static final List<Send> SENDS = Send.parse(List.of(
            "SEND 1 2 ok k-0 0 0 SEND_OK",
            "SEND 2 3 unknown k-1 -1 -1 RemotingTimeoutException",
            "SEND 3 4 refused k-2 -1 -1 code=14",
            "SEND 4 5 ok k-3 0 1 SEND_OK"));

    private static List<String> violations(String... lines) {
        return NothingAcknowledgedIsLost.violations(SENDS, Stored.parse(List.of(lines)));
    }

    @Test
    void acceptsWhatIsAllThere() {
        assertEquals(List.of(), violations("MESSAGE 0 0 k-0", "MESSAGE 0 1 k-3", "END 2"));
    }

    @Test
    void acceptsAnUnknownOutcomeEitherWay() {
        assertEquals(List.of(), violations("MESSAGE 0 0 k-0", "MESSAGE 0 1 k-3", "MESSAGE 1 0 k-1", "END 3"));
    }

    @Test
    void rejectsALostMessage() {
        assertTrue(violations("MESSAGE 0 0 k-0", "END 1").get(0).startsWith("acknowledged and gone"));
    }

    @Test
    void rejectsARefusedMessageThatIsStored() {
        assertTrue(violations("MESSAGE 0 0 k-0", "MESSAGE 0 1 k-3", "MESSAGE 1 0 k-2", "END 3")
                .get(0)
                .startsWith("refused and stored"));
    }

    @Test
    void rejectsAGap() {
        assertTrue(
                violations("MESSAGE 0 0 k-0", "MESSAGE 0 2 k-3", "END 2").get(0).startsWith("gap in queue 0"));
    }

    @Test
    void rejectsOneOffsetTwice() {
        assertTrue(
                violations("MESSAGE 0 0 k-0", "MESSAGE 0 0 k-3", "END 2").get(0).startsWith("offset read twice"));
    }

    @Test
    void rejectsAReaderThatDidNotReachTheEnd() {
        org.junit.jupiter.api.Assertions.assertThrows(
                AssertionError.class, () -> violations("MESSAGE 0 0 k-0", "UNREAD {}"));
    }
}
