package io.mqcontroller.controller.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.rpc.agent.NodeInspector.CapturedPart;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StateCapturesTest {
    private static final int PART_BYTES = 7;

    private ReplicatedState now = new ReplicatedState(ClusterMetadata.EMPTY, 1, 0);
    private final StateCaptures captures =
            new StateCaptures(() -> CompletableFuture.completedFuture(Optional.of(now)), Runnable::run, PART_BYTES);

    private void make(String group) {
        now = new ReplicatedState(
                now.metadata().replay(new MetadataRecord.GroupCreated(new GroupKey("C", group), 1, 0, 0)),
                1,
                now.sequence() + 1);
    }

    private CapturedPart capture() {
        return captures.capture().toCompletableFuture().join().orElseThrow();
    }

    private Optional<CapturedPart> part(long capture, long offset) {
        return captures.part(capture, offset).toCompletableFuture().join();
    }

    @Test
    void partsAreOfOneMomentWhateverHappensMeanwhile() throws IOException {
        make("a");
        make("b");
        ReplicatedState then = now;
        CapturedPart first = capture();
        ByteString all = first.bytes();
        while (all.size() < first.totalBytes()) {
            make("later-" + all.size());
            CapturedPart next = part(first.capture(), all.size()).orElseThrow();
            assertEquals(first.totalBytes(), next.totalBytes());
            assertTrue(next.bytes().size() <= PART_BYTES);
            all = all.concat(next.bytes());
        }
        assertEquals(then, SnapshotCodec.read(all.newInput()));
        assertEquals(
                ByteString.EMPTY,
                part(first.capture(), all.size()).orElseThrow().bytes());
    }

    @Test
    void onlyTheNewestFewAreKept() {
        long first = capture().capture();
        for (int i = 0; i < 4; i++) {
            assertTrue(part(first, 0).isPresent(), "after " + i);
            if (i < 3) {
                capture();
            }
        }
        capture();
        assertTrue(part(first, 0).isEmpty());
    }
}
