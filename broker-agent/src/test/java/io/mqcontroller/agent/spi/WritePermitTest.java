package io.mqcontroller.agent.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WritePermitTest {
    private final WritePermit permit = new WritePermit();

    @Test
    void refusesUntilItIsGiven() {
        assertEquals(WritePermit.REFUSED, permit.enter());
        assertFalse(permit.holds(WritePermit.REFUSED));
        assertFalse(permit.holds(0));
        assertEquals(0, permit.remainingMs());
    }

    @Test
    void runsOutByItself() throws InterruptedException {
        permit.grant(3, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(40));
        assertEquals(3, permit.enter());
        assertTrue(permit.holds(3));
        Thread.sleep(60);
        assertEquals(WritePermit.REFUSED, permit.enter());
        assertFalse(permit.holds(3), "a write that waited too long is not acknowledged");
    }

    @Test
    void aWriteOfAnEarlierEpochIsNeverAcknowledged() {
        permit.grantWithoutEnd(3);
        long ticket = permit.enter();
        permit.revoke();
        assertFalse(permit.holds(ticket));
        permit.grantWithoutEnd(5);
        assertFalse(permit.holds(ticket));
        assertTrue(permit.holds(permit.enter()));
    }

    @Test
    void aPermitThatLapsedAndWasRenewedUnderTheSameEpochStillHolds() {
        permit.grant(3, System.nanoTime() - 1);
        assertEquals(WritePermit.REFUSED, permit.enter());
        permit.grant(3, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
        assertTrue(permit.holds(3));
        assertTrue(permit.remainingMs() > 9_000);
    }

    @Test
    void endlessIsEndless() {
        permit.grantWithoutEnd(1);
        assertEquals(Long.MAX_VALUE, permit.remainingMs());
    }

    @Test
    void epochsBelowOneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> permit.grant(0, 0));
        assertThrows(IllegalArgumentException.class, () -> permit.grantWithoutEnd(-1));
    }
}
