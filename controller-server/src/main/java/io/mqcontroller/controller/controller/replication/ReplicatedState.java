package io.mqcontroller.controller.controller.replication;

import io.mqcontroller.controller.metadata.ClusterMetadata;
import java.util.Objects;

/**
 * What every member holds alike after the same log: the metadata, and which batch of decisions was the last to take effect.
 * A batch takes effect only if it was decided under the term of its entry and directly follows the one before: otherwise it
 * was decided on a state that never came to be.
 *
 * @param decidedTerm the leadership of the last batch that took effect, 0 before the first
 * @param sequence its number in that term
 */
public record ReplicatedState(ClusterMetadata metadata, long decidedTerm, long sequence) {
    public static final ReplicatedState EMPTY = new ReplicatedState(ClusterMetadata.EMPTY, 0, 0);

    public ReplicatedState {
        Objects.requireNonNull(metadata, "metadata");
    }

    /** The number that the next batch of {@code term} must carry. */
    public long nextSequence(long term) {
        return term == decidedTerm ? sequence + 1 : 1;
    }

    /** Whether this batch, found in an entry of {@code entryTerm}, takes effect. */
    public boolean accepts(long entryTerm, DecidedBatch batch) {
        return batch.decidedTerm() == entryTerm && batch.sequence() == nextSequence(batch.decidedTerm());
    }

    /** The state after a batch that it {@link #accepts}. */
    public ReplicatedState replay(DecidedBatch batch) {
        return new ReplicatedState(metadata.replayAll(batch.records()), batch.decidedTerm(), batch.sequence());
    }
}
