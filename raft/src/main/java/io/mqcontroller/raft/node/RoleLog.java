package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Effect;
import java.util.Optional;

/**
 * What the log says of changes of role. A member that finds no leader tries again every second, for as long as a majority is gone:
 * that is told with ever longer pauses. The Raft thread owns it.
 */
final class RoleLog {
    private Optional<Effect.RoleChanged> last = Optional.empty();
    private int repeated;

    /** The line for this change; empty if it says what the one before said, and that is not worth a line again. */
    Optional<String> lineFor(Effect.RoleChanged change) {
        repeated = last.equals(Optional.of(change)) ? repeated + 1 : 0;
        last = Optional.of(change);
        if (Integer.bitCount(repeated) > 1) {
            return Optional.empty();
        }
        return Optional.of("event=role_changed role=" + change.role() + " term=" + change.term() + " leader="
                + change.leader().map(Object::toString).orElse("none") + " cause=\"" + change.cause() + "\""
                + (repeated == 0 ? "" : " repeated=" + repeated));
    }
}
