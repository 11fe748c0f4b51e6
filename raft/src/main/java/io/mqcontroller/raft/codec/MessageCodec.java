package io.mqcontroller.raft.codec;

import io.mqcontroller.proto.raft.AppendEntries;
import io.mqcontroller.proto.raft.AppendReply;
import io.mqcontroller.proto.raft.InstallSnapshot;
import io.mqcontroller.proto.raft.InstallSnapshotReply;
import io.mqcontroller.proto.raft.LogEntry;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.proto.raft.PreVote;
import io.mqcontroller.proto.raft.PreVoteReply;
import io.mqcontroller.proto.raft.RecoveryConfirmed;
import io.mqcontroller.proto.raft.RequestVote;
import io.mqcontroller.proto.raft.TimeoutNow;
import io.mqcontroller.proto.raft.VoteReply;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.StoreHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages between members as frames, and back. */
public final class MessageCodec {
    private static final long SMALL_BYTES = 64;

    private MessageCodec() {}

    /** About how many bytes a message takes, in memory and on the wire: for bounds of queues. */
    public static long roughBytes(Message message) {
        if (message instanceof Message.AppendEntries append) {
            long bytes = SMALL_BYTES;
            for (Entry entry : append.entries()) {
                bytes += SMALL_BYTES + entry.command().size();
            }
            return bytes;
        }
        if (message instanceof Message.InstallSnapshot install) {
            return SMALL_BYTES + install.chunk().size();
        }
        return SMALL_BYTES;
    }

    public static PeerFrame encodeApplication(Bytes payload) {
        return PeerFrame.newBuilder().setApplication(ByteStrings.of(payload)).build();
    }

    /** The bytes of a frame that {@link #encodeApplication} made. */
    public static Bytes decodeApplication(PeerFrame frame) {
        return ByteStrings.toBytes(frame.getApplication());
    }

    public static PeerFrame encode(Message message) {
        PeerFrame.Builder frame = PeerFrame.newBuilder();
        if (message instanceof Message.AppendEntries append) {
            frame.setAppendEntries(encodeAppend(append));
        } else if (message instanceof Message.AppendReply reply) {
            encodeAppendReply(reply, frame);
        } else if (message instanceof Message.InstallSnapshot install) {
            frame.setInstallSnapshot(encodeInstall(install));
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            encodeInstallReply(reply, frame);
        } else {
            encodeElection(message, frame);
        }
        return frame.build();
    }

    private static void encodeElection(Message message, PeerFrame.Builder frame) {
        if (message instanceof Message.PreVote vote) {
            frame.setPreVote(
                    PreVote.newBuilder().setTerm(vote.term()).setLastEntry(EntryCodec.encode(vote.lastEntry())));
        } else if (message instanceof Message.PreVoteReply reply) {
            frame.setPreVoteReply(
                    PreVoteReply.newBuilder().setTerm(reply.term()).setGranted(reply.granted()));
        } else if (message instanceof Message.RequestVote vote) {
            frame.setRequestVote(RequestVote.newBuilder()
                    .setTerm(vote.term())
                    .setLastEntry(EntryCodec.encode(vote.lastEntry()))
                    .setLeadershipTransfer(vote.leadershipTransfer()));
        } else if (message instanceof Message.VoteReply reply) {
            frame.setVoteReply(VoteReply.newBuilder().setTerm(reply.term()).setGranted(reply.granted()));
        } else if (message instanceof Message.TimeoutNow timeoutNow) {
            frame.setTimeoutNow(TimeoutNow.newBuilder().setTerm(timeoutNow.term()));
        } else if (message instanceof Message.RecoveryConfirmed confirmed) {
            frame.setRecoveryConfirmed(RecoveryConfirmed.newBuilder()
                    .setTerm(confirmed.term())
                    .setRecoveryId(confirmed.recoveryId())
                    .setThroughIndex(confirmed.throughIndex()));
        } else {
            throw new AssertionError("no frame for " + message);
        }
    }

    private static AppendEntries encodeAppend(Message.AppendEntries append) {
        AppendEntries.Builder encoded = AppendEntries.newBuilder()
                .setTerm(append.term())
                .setPrevious(EntryCodec.encode(append.previous()))
                .setPreviousChain(append.previousChain())
                .setCommitIndex(append.commitIndex())
                .setRound(append.round());
        for (Entry entry : append.entries()) {
            encoded.addEntries(EntryCodec.encode(entry));
        }
        return encoded.build();
    }

    private static void encodeAppendReply(Message.AppendReply reply, PeerFrame.Builder frame) {
        AppendReply.Builder encoded = AppendReply.newBuilder()
                .setTerm(reply.term())
                .setSuccess(reply.success())
                .setMatchIndex(reply.matchIndex())
                .setConflict(EntryCodec.encode(reply.conflict()))
                .setRound(reply.round())
                .setRecoveryId(reply.health().recoveryId())
                .setImpaired(reply.health().impaired());
        if (reply.health().recovering()) {
            frame.setRecoveringAppendReply(encoded);
        } else {
            frame.setAppendReply(encoded);
        }
    }

    private static InstallSnapshot encodeInstall(Message.InstallSnapshot install) {
        return InstallSnapshot.newBuilder()
                .setTerm(install.term())
                .setSnapshot(EntryCodec.encode(install.snapshot()))
                .setOffset(install.offset())
                .setChunk(ByteStrings.of(install.chunk()))
                .setChunkChecksum(install.chunkChecksum())
                .setLast(install.last())
                .setRound(install.round())
                .build();
    }

    private static void encodeInstallReply(Message.InstallSnapshotReply reply, PeerFrame.Builder frame) {
        InstallSnapshotReply.Builder encoded = InstallSnapshotReply.newBuilder()
                .setTerm(reply.term())
                .setSnapshot(EntryCodec.encode(reply.snapshot()))
                .setNextOffset(reply.nextOffset())
                .setInstalled(reply.installed())
                .setRound(reply.round())
                .setRecoveryId(reply.health().recoveryId())
                .setImpaired(reply.health().impaired());
        if (reply.health().recovering()) {
            frame.setRecoveringInstallSnapshotReply(encoded);
        } else {
            frame.setInstallSnapshotReply(encoded);
        }
    }

    /**
     * The message in a frame, or empty if the frame holds something else, such as a kind that only newer members know.
     *
     * @throws IllegalArgumentException if it holds values that no member sends
     */
    public static Optional<Message> decode(PeerFrame frame) {
        return Optional.ofNullable(
                switch (frame.getKindCase()) {
                    case PRE_VOTE ->
                        new Message.PreVote(
                                frame.getPreVote().getTerm(),
                                EntryCodec.decode(frame.getPreVote().getLastEntry()));
                    case PRE_VOTE_REPLY ->
                        new Message.PreVoteReply(
                                frame.getPreVoteReply().getTerm(),
                                frame.getPreVoteReply().getGranted());
                    case REQUEST_VOTE -> decode(frame.getRequestVote());
                    case VOTE_REPLY ->
                        new Message.VoteReply(
                                frame.getVoteReply().getTerm(),
                                frame.getVoteReply().getGranted());
                    case APPEND_ENTRIES -> decode(frame.getAppendEntries());
                    case APPEND_REPLY -> decode(frame.getAppendReply());
                    case RECOVERING_APPEND_REPLY -> decode(frame.getRecoveringAppendReply());
                    case INSTALL_SNAPSHOT -> decode(frame.getInstallSnapshot());
                    case INSTALL_SNAPSHOT_REPLY -> decode(frame.getInstallSnapshotReply());
                    case RECOVERING_INSTALL_SNAPSHOT_REPLY -> decode(frame.getRecoveringInstallSnapshotReply());
                    case TIMEOUT_NOW ->
                        new Message.TimeoutNow(frame.getTimeoutNow().getTerm());
                    case RECOVERY_CONFIRMED ->
                        new Message.RecoveryConfirmed(
                                frame.getRecoveryConfirmed().getTerm(),
                                frame.getRecoveryConfirmed().getRecoveryId(),
                                frame.getRecoveryConfirmed().getThroughIndex());
                    case HELLO, HELLO_REPLY, PING, PONG, APPLICATION, KIND_NOT_SET -> null;
                });
    }

    private static Message decode(RequestVote vote) {
        return new Message.RequestVote(
                vote.getTerm(), EntryCodec.decode(vote.getLastEntry()), vote.getLeadershipTransfer());
    }

    private static Message decode(AppendEntries append) {
        List<Entry> entries = new ArrayList<>(append.getEntriesCount());
        for (LogEntry entry : append.getEntriesList()) {
            entries.add(EntryCodec.decode(entry));
        }
        return new Message.AppendEntries(
                append.getTerm(),
                EntryCodec.decode(append.getPrevious()),
                append.getPreviousChain(),
                entries,
                append.getCommitIndex(),
                append.getRound());
    }

    private static Message decode(AppendReply reply) {
        return new Message.AppendReply(
                reply.getTerm(),
                reply.getSuccess(),
                reply.getMatchIndex(),
                EntryCodec.decode(reply.getConflict()),
                reply.getRound(),
                new StoreHealth(reply.getRecoveryId(), reply.getImpaired()));
    }

    private static Message decode(InstallSnapshot install) {
        return new Message.InstallSnapshot(
                install.getTerm(),
                EntryCodec.decode(install.getSnapshot()),
                install.getOffset(),
                ByteStrings.toBytes(install.getChunk()),
                install.getChunkChecksum(),
                install.getLast(),
                install.getRound());
    }

    private static Message decode(InstallSnapshotReply reply) {
        return new Message.InstallSnapshotReply(
                reply.getTerm(),
                EntryCodec.decode(reply.getSnapshot()),
                reply.getNextOffset(),
                reply.getInstalled(),
                reply.getRound(),
                new StoreHealth(reply.getRecoveryId(), reply.getImpaired()));
    }
}
