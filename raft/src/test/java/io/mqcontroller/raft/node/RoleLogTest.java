package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoleLogTest {
    private final RoleLog log = new RoleLog();

    @Test
    void aMemberThatFindsNoLeaderForAnHourFillsNoLog() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3_600; i++) {
            log.lineFor(change(RoleName.PRE_CANDIDATE, 5, "no leader in sight")).ifPresent(lines::add);
        }
        assertEquals(13, lines.size(), lines::toString);
        assertEquals(
                "event=role_changed role=PRE_CANDIDATE term=5 leader=none cause=\"no leader in sight\"", lines.get(0));
        assertEquals(lines.get(0) + " repeated=2048", lines.get(12));
    }

    @Test
    void eachChangeHasItsLine() {
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    "event=role_changed role=CANDIDATE term=" + (6 + i) + " leader=none cause=\"pre-votes\"",
                    log.lineFor(change(RoleName.CANDIDATE, 6 + i, "pre-votes")).orElseThrow());
            assertEquals(
                    "event=role_changed role=FOLLOWER term=" + (6 + i) + " leader=none cause=\"no votes\"",
                    log.lineFor(change(RoleName.FOLLOWER, 6 + i, "no votes")).orElseThrow());
        }
    }

    private static Effect.RoleChanged change(RoleName role, long term, String cause) {
        return new Effect.RoleChanged(role, term, Optional.empty(), cause);
    }
}
