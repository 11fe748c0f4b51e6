package io.mqcontroller.controller.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.metadata.ClusterMetadata;
import org.junit.jupiter.api.Test;

class RecentStatesTest {
    private final RecentStates states = new RecentStates(10);

    @Test
    void aCheckpointIsTheStateAfterTheLastEntryUpToItWhereverBatchesFall() {
        states.add(98, after(1));
        assertEquals(StateCheckpoint.NONE, states.checkpoint());
        states.add(103, after(2));
        assertEquals(new StateCheckpoint(100, after(1)), states.checkpoint());
        states.add(200, after(3));
        assertEquals(new StateCheckpoint(200, after(3)), states.checkpoint());
        states.add(201, after(4));
        assertEquals(new StateCheckpoint(200, after(3)), states.checkpoint());
        states.add(555, after(5));
        assertEquals(new StateCheckpoint(500, after(4)), states.checkpoint());
    }

    @Test
    void whoBeganWithASnapshotKnowsNoneBeforeTheNextOneThatItHasSeenWhole() {
        states.add(98, after(1));
        states.add(103, after(2));
        states.restore(after(7));
        assertEquals(StateCheckpoint.NONE, states.checkpoint());
        states.add(301, after(8));
        assertEquals(StateCheckpoint.NONE, states.checkpoint());
        states.add(402, after(9));
        assertEquals(new StateCheckpoint(400, after(8)), states.checkpoint());
    }

    private static ReplicatedState after(long sequence) {
        return new ReplicatedState(ClusterMetadata.EMPTY, 1, sequence);
    }
}
