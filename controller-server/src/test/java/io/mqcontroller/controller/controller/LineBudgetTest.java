package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private final LineBudget budget = new LineBudget(2, 1_000);

    @Test
    void admitsSoManyInAnIntervalAndCountsTheOthers() {
        assertTrue(budget.admits(5_000));
        assertTrue(budget.admits(5_000));
        assertFalse(budget.admits(5_000));
        assertFalse(budget.admits(5_999));
        assertEquals(2, budget.takeSkipped());
        assertEquals(0, budget.takeSkipped());
    }

    @Test
    void beginsAnewWhenTheIntervalIsOver() {
        budget.admits(0);
        budget.admits(0);
        assertTrue(budget.admits(1_000));
        assertTrue(budget.admits(1_500));
        assertFalse(budget.admits(1_999));
    }
}
