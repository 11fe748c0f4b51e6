package io.mqcontroller.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.history.Seen;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OneMasterPerEpochTest {
    private static Seen seen(int epoch, long master) {
        return new Seen(0, epoch, master == 0 ? OptionalLong.empty() : OptionalLong.of(master));
    }

    @Test
    void acceptsEpochsThatRise() {
        assertEquals(List.of(), OneMasterPerEpoch.violations(List.of(seen(1, 1), seen(2, 0), seen(4, 2))));
    }

    @Test
    void rejectsASecondMasterOfAnEpoch() {
        assertEquals(
                1, OneMasterPerEpoch.violations(List.of(seen(1, 1), seen(1, 2))).size());
    }

    @Test
    void rejectsAnEpochThatGoesBack() {
        assertEquals(
                1,
                OneMasterPerEpoch.violations(List.of(seen(1, 1), seen(3, 2), seen(2, 2)))
                        .size());
    }
}
