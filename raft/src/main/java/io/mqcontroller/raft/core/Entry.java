package io.mqcontroller.raft.core;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * One entry of the log.
 *
 * @param checksum CRC32C over term, index, kind, proposal id and command: finds damage of this entry
 * @param chain hash over the checksums of this entry and all before it: finds an entry that is sound in itself but stands
 *     after another past than it was written for (a misdirected write, a stale read)
 */
public record Entry(
        long term, long index, EntryKind kind, ProposalId proposal, Bytes command, int checksum, long chain) {
    /** The chain value before the first entry. */
    public static final long CHAIN_START = 0x6d71_6374_6c72_0001L;

    public Entry {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(proposal, "proposal");
        Objects.requireNonNull(command, "command");
        if (term < 1 || index < 1) {
            throw new IllegalArgumentException("an entry has term and index from 1 on: " + term + "/" + index);
        }
    }

    /** Makes the entry that follows one with the chain value {@code previousChain}. */
    public static Entry create(
            long previousChain, LogPosition position, EntryKind kind, ProposalId proposal, Bytes command) {
        int checksum = checksumOf(position.term(), position.index(), kind, proposal, command);
        return new Entry(
                position.term(),
                position.index(),
                kind,
                proposal,
                command,
                checksum,
                chainAfter(previousChain, checksum));
    }

    public LogPosition position() {
        return new LogPosition(term, index);
    }

    /** Whether the content is what was written and stands after the past that it was written for. */
    public boolean isIntactAfter(long previousChain) {
        return checksum == checksumOf(term, index, kind, proposal, command)
                && chain == chainAfter(previousChain, checksum);
    }

    private static int checksumOf(long term, long index, EntryKind kind, ProposalId proposal, Bytes command) {
        CRC32C crc = new CRC32C();
        ByteBuffer head = ByteBuffer.allocate(4 * Long.BYTES + Integer.BYTES);
        head.putLong(term).putLong(index).putLong(proposal.clientId()).putLong(proposal.sequence());
        head.putInt(kind.code());
        crc.update(head.flip());
        command.updateChecksum(crc);
        return (int) crc.getValue();
    }

    /** The finalizer of MurmurHash3 (Appleby, public domain) over the two values: every bit of the past reaches every bit. */
    private static long chainAfter(long previousChain, int checksum) {
        long mixed = previousChain * 31 + checksum;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
