package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayList;
import java.util.List;

/** Members that lost their stores and take part before they may. */
final class RecoveryMutants {
    private RecoveryMutants() {}

    /** The empty store that takes the place of a damaged one does not say what it is. */
    static Interference lossForgotten() {
        return new Interference() {
            @Override
            public RecoveredState onRecovery(RecoveredState recovered) {
                HardState hard = recovered.hardState();
                return new RecoveredState(
                        new HardState(hard.term(), hard.votedFor(), hard.commitIndex()),
                        recovered.snapshot(),
                        recovered.sessions(),
                        recovered.entries());
            }
        };
    }

    /** The first word of a leader is enough. */
    static Interference confirmedAtOnce() {
        return new Interference() {
            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                RaftStatus status = node.status();
                if (!status.health().recovering() || status.leader().isEmpty()) {
                    return events;
                }
                List<Event> all = new ArrayList<>(events);
                Message confirmed = new Message.RecoveryConfirmed(
                        status.term(), status.health().recoveryId(), 0);
                all.add(new Event.Received(status.leader().get(), confirmed));
                return all;
            }
        };
    }
}
