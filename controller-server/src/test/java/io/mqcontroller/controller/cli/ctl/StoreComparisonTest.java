package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StoreComparisonTest {
    /** Ten entries; from {@code partAt} on they are of another term than elsewhere. */
    private static List<Entry> log(int partAt) {
        List<Entry> entries = new ArrayList<>();
        long chain = Entry.CHAIN_START;
        for (int index = 1; index <= 10; index++) {
            LogPosition position = new LogPosition(index >= partAt ? 2 : 1, index);
            Entry entry = Entry.create(chain, position, EntryKind.LEADER_START, ProposalId.NONE, Bytes.EMPTY);
            entries.add(entry);
            chain = entry.chain();
        }
        return entries;
    }

    private static StoreImage store(List<Entry> log, int snapshotAt, long commitIndex, ReplicatedState base) {
        Optional<SnapshotMetadata> snapshot = snapshotAt == 0
                ? Optional.empty()
                : Optional.of(new SnapshotMetadata(
                        log.get(snapshotAt - 1).position(),
                        log.get(snapshotAt - 1).chain(),
                        1,
                        0));
        HardState hardState = new HardState(2, Optional.empty(), commitIndex);
        List<Entry> entries = log.subList(snapshotAt, log.size());
        return new StoreImage(new RecoveredState(hardState, snapshot, Bytes.EMPTY, entries), base);
    }

    private static StoreComparison compare(StoreImage one, StoreImage other) {
        StoreComparison comparison = StoreComparison.of(one, other).orElseThrow();
        assertEquals(Optional.of(comparison), StoreComparison.of(other, one));
        return comparison;
    }

    @Test
    void whatBothKnowToBeCommittedIsCompared() {
        StoreComparison comparison =
                compare(store(log(11), 0, 7, ReplicatedState.EMPTY), store(log(8), 0, 9, ReplicatedState.EMPTY));
        assertEquals(new StoreComparison(7, OptionalLong.empty(), true), comparison);
        assertTrue(comparison.same());
    }

    @Test
    void theFirstEntryThatDiffersIsNamed() {
        StoreComparison comparison =
                compare(store(log(11), 0, 7, ReplicatedState.EMPTY), store(log(5), 0, 9, ReplicatedState.EMPTY));
        assertEquals(OptionalLong.of(5), comparison.partAt());
        assertFalse(comparison.same());
    }

    @Test
    void aSnapshotStandsForWhatItCovers() {
        StoreImage whole = store(log(11), 0, 7, ReplicatedState.EMPTY);
        assertTrue(compare(whole, store(log(11), 7, 9, ReplicatedState.EMPTY)).same());
        assertEquals(
                OptionalLong.of(6),
                compare(whole, store(log(3), 6, 9, ReplicatedState.EMPTY)).partAt());
        assertEquals(Optional.empty(), StoreComparison.of(whole, store(log(11), 8, 9, ReplicatedState.EMPTY)));
    }

    @Test
    void statesThatDifferBehindTheSameLogAreFound() {
        ReplicatedState another = new ReplicatedState(ClusterMetadata.EMPTY, 1, 4);
        StoreComparison comparison =
                compare(store(log(11), 5, 7, ReplicatedState.EMPTY), store(log(11), 5, 7, another));
        assertEquals(new StoreComparison(7, OptionalLong.empty(), false), comparison);
        assertFalse(comparison.same());
    }
}
