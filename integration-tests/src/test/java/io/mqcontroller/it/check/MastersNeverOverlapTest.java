package io.mqcontroller.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.history.Send;
import java.util.List;
import org.junit.jupiter.api.Test;

class MastersNeverOverlapTest {
    private static final String OLD = "127.0.0.1:1";
    private static final String NEW = "127.0.0.1:2";

    @Test
    void oneAfterTheOtherIsWell() {
        assertEquals(List.of(), violations(ack(10, OLD), ack(20, OLD), ack(20, NEW), ack(30, NEW)));
    }

    @Test
    void anAcknowledgementOfTheOldMasterAfterTheNewOnesFirstIsFound() {
        assertEquals(
                1,
                violations(ack(10, OLD), ack(20, NEW), ack(21, OLD), ack(30, NEW))
                        .size());
    }

    @Test
    void whatTheOldMasterRefusesOrLeavesOpenIsNone() {
        assertEquals(List.of(), violations(ack(10, OLD), ack(20, NEW), send(21, OLD, Send.Outcome.UNKNOWN)));
        assertEquals(List.of(), violations(ack(10, OLD), ack(20, NEW), send(21, OLD, Send.Outcome.REFUSED)));
    }

    @Test
    void aNewMasterThatNeverAcknowledgedProvesNothing() {
        assertEquals(1, violations(ack(10, OLD)).size());
    }

    private static List<String> violations(Send... sends) {
        return MastersNeverOverlap.violations(List.of(sends), OLD, NEW);
    }

    private static Send ack(long endMs, String address) {
        return send(endMs, address, Send.Outcome.ACKNOWLEDGED);
    }

    private static Send send(long endMs, String address, Send.Outcome outcome) {
        return new Send(0, endMs, outcome, "key", address + " code=0");
    }
}
