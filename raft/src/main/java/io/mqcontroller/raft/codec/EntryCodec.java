package io.mqcontroller.raft.codec;

import io.mqcontroller.proto.raft.LogEntry;
import io.mqcontroller.proto.raft.Position;
import io.mqcontroller.proto.raft.Snapshot;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.SnapshotMetadata;

/** The parts that wire and disk share. Decoding throws {@link IllegalArgumentException} for values that no member writes. */
public final class EntryCodec {
    private EntryCodec() {}

    public static LogEntry encode(Entry entry) {
        return LogEntry.newBuilder()
                .setTerm(entry.term())
                .setIndex(entry.index())
                .setKind(entry.kind().code())
                .setClientId(entry.proposal().clientId())
                .setSequence(entry.proposal().sequence())
                .setCommand(ByteStrings.of(entry.command()))
                .setChecksum(entry.checksum())
                .setChain(entry.chain())
                .build();
    }

    /** As it was written: whether it is intact is for {@link Entry#isIntactAfter} to say. */
    public static Entry decode(LogEntry entry) {
        return new Entry(
                entry.getTerm(),
                entry.getIndex(),
                EntryKind.ofCode(entry.getKind()),
                new ProposalId(entry.getClientId(), entry.getSequence()),
                ByteStrings.toBytes(entry.getCommand()),
                entry.getChecksum(),
                entry.getChain());
    }

    public static Position encode(LogPosition position) {
        return Position.newBuilder()
                .setTerm(position.term())
                .setIndex(position.index())
                .build();
    }

    public static LogPosition decode(Position position) {
        return new LogPosition(position.getTerm(), position.getIndex());
    }

    public static Snapshot encode(SnapshotMetadata snapshot) {
        return Snapshot.newBuilder()
                .setLast(encode(snapshot.last()))
                .setChain(snapshot.chain())
                .setSizeBytes(snapshot.sizeBytes())
                .setChecksum(snapshot.checksum())
                .build();
    }

    public static SnapshotMetadata decode(Snapshot snapshot) {
        return new SnapshotMetadata(
                decode(snapshot.getLast()), snapshot.getChain(), snapshot.getSizeBytes(), snapshot.getChecksum());
    }
}
