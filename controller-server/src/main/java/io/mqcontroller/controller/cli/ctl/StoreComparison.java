package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Two stores of one cluster, compared where both must hold the same: up to the last entry that both know to be committed.
 *
 * @param upTo that entry
 * @param partAt the first entry in which the logs differ, as far as both still have it; empty: in none
 * @param sameState whether the replicated state after that entry is the same
 */
record StoreComparison(long upTo, OptionalLong partAt, boolean sameState) {
    /** Empty if they have no entry in common: the snapshot of one covers all that the other knows to be committed. */
    static Optional<StoreComparison> of(StoreImage one, StoreImage other) {
        long upTo = Math.min(
                one.recovered().hardState().commitIndex(),
                other.recovered().hardState().commitIndex());
        long from = Math.max(beginning(one.recovered()), beginning(other.recovered()));
        if (from > upTo) {
            return Optional.empty();
        }
        OptionalLong partAt = OptionalLong.empty();
        // Each value of the chain holds for everything before it.
        for (long index = upTo; index >= from && chainAt(one, index) != chainAt(other, index); index--) {
            partAt = OptionalLong.of(index);
        }
        return Optional.of(
                new StoreComparison(upTo, partAt, one.stateAfter(upTo).equals(other.stateAfter(upTo))));
    }

    boolean same() {
        return partAt.isEmpty() && sameState;
    }

    /** The first index of which the value of the chain is known. */
    private static long beginning(RecoveredState store) {
        return store.snapshot().map(snapshot -> snapshot.last().index()).orElse(1L);
    }

    private static long chainAt(StoreImage store, long index) {
        long behind =
                beginning(store.recovered()) + (store.recovered().snapshot().isPresent() ? 1 : 0);
        if (index < behind) {
            return store.recovered().snapshot().orElseThrow().chain();
        }
        Entry entry = store.recovered().entries().get(Math.toIntExact(index - behind));
        return entry.chain();
    }
}
