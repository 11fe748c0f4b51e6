package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.agent.spi.WritePermit;
import org.junit.jupiter.api.Test;

class WritesInProgressTest {
    private final WritePermit permit = new WritePermit();
    private final WritesInProgress writes = new WritesInProgress(permit);

    @Test
    void aWriteThatSawThePermitIsWaitedFor() {
        permit.grantWithoutEnd(4);
        long ticket = writes.begin();
        permit.revoke();
        assertFalse(writes.awaitNone(20));
        assertFalse(writes.mayAcknowledge(ticket));
        writes.end();
        assertTrue(writes.awaitNone(20));
    }

    @Test
    void aRefusedWriteIsCountedOffToo() {
        assertEquals(WritePermit.REFUSED, writes.begin());
        writes.end();
        assertTrue(writes.awaitNone(0));
    }

    @Test
    void aWriteIsAcknowledgedUnderItsOwnEpochOnly() {
        permit.grantWithoutEnd(4);
        long ticket = writes.begin();
        assertTrue(writes.mayAcknowledge(ticket));
        permit.grantWithoutEnd(6);
        assertFalse(writes.mayAcknowledge(ticket));
    }
}
