package io.mqcontroller.raft.script;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Effects and messages in the words of the scripts. What it has no words for is said as the record says it. */
final class Wording {
    private Wording() {}

    static String of(Message message) {
        if (message instanceof Message.PreVote ask) {
            return "PreVote term " + ask.term() + ", last entry " + ask.lastEntry();
        } else if (message instanceof Message.PreVoteReply reply) {
            return "PreVoteReply term " + reply.term() + (reply.granted() ? " granted" : " refused");
        } else if (message instanceof Message.RequestVote ask) {
            return "RequestVote term " + ask.term() + ", last entry " + ask.lastEntry()
                    + (ask.leadershipTransfer() ? ", asked for by the leader" : "");
        } else if (message instanceof Message.VoteReply reply) {
            return "VoteReply term " + reply.term() + (reply.granted() ? " granted" : " refused");
        } else if (message instanceof Message.AppendEntries append) {
            return "AppendEntries term " + append.term() + " after " + append.previous() + " " + of(append.entries())
                    + "commit " + append.commitIndex() + round(append.round());
        } else if (message instanceof Message.AppendReply reply) {
            return "AppendReply term " + reply.term()
                    + (reply.success()
                            ? " up to " + reply.matchIndex()
                            : " refused, go on at " + conflict(reply.conflict()))
                    + round(reply.round());
        }
        return ofRest(message);
    }

    private static String ofRest(Message message) {
        if (message instanceof Message.InstallSnapshot piece) {
            return "InstallSnapshot term " + piece.term() + " of "
                    + piece.snapshot().last() + " bytes from " + piece.offset() + (piece.last() ? ", the last" : "");
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            return "InstallSnapshotReply term " + reply.term() + " of " + reply.snapshot()
                    + (reply.installed() ? " installed" : " wants bytes from " + reply.nextOffset());
        } else if (message instanceof Message.TimeoutNow now) {
            return "TimeoutNow term " + now.term();
        }
        return message.toString();
    }

    private static String conflict(LogPosition conflict) {
        return conflict.index() + (conflict.term() == 0 ? "" : " with term " + conflict.term());
    }

    private static String round(long round) {
        return round == 0 ? "" : ", round " + round;
    }

    private static String of(List<Entry> entries) {
        return entries.stream().map(Wording::of).collect(Collectors.joining(", ", "[", "] "));
    }

    static String of(Entry entry) {
        String content = entry.kind() == EntryKind.COMMAND
                ? entry.command().toUtf8()
                : entry.kind().name().toLowerCase(java.util.Locale.ROOT);
        return entry.position() + " " + content;
    }

    /** What {@code member} does, as far as it is worth a line. */
    static Optional<String> of(NodeId member, Effect effect) {
        if (effect instanceof Effect.Send send) {
            return Optional.of(member + " -> " + send.to() + " " + of(send.message()));
        } else if (effect instanceof Effect.Persist persist) {
            return Optional.of(member + " writes " + of(persist));
        } else if (effect instanceof Effect.Apply apply) {
            return Optional.of(member + " applies "
                    + apply.entries().stream()
                            .map(entry -> of(entry) + (apply.duplicates().contains(entry.index()) ? " (again)" : ""))
                            .collect(Collectors.joining(", ")));
        } else if (effect instanceof Effect.ProposalRejected refused) {
            return Optional.of(member + " refuses proposal " + refused.id().sequence() + ": " + refused.rejection()
                    + leader(refused.leader()));
        } else if (effect instanceof Effect.ReadReady ready) {
            return Optional.of(member + " serves read " + ready.readId() + " at index " + ready.readIndex());
        } else if (effect instanceof Effect.ReadRejected refused) {
            return Optional.of(member + " refuses read " + refused.readId() + leader(refused.leader()));
        } else if (effect instanceof Effect.RoleChanged changed) {
            return Optional.of(
                    member + " is " + changed.role() + " of term " + changed.term() + ": " + changed.cause());
        } else if (effect instanceof Effect.LeaderReady ready) {
            return Optional.of(member + " may decide in term " + ready.term());
        }
        return ofMembers(member, effect).or(() -> ofSnapshots(member, effect));
    }

    private static Optional<String> ofMembers(NodeId member, Effect effect) {
        if (effect instanceof Effect.ConfigurationChanged changed) {
            return Optional.of(member + " has, from entry " + changed.index() + " on, " + changed.configuration());
        } else if (effect instanceof Effect.MembershipChanged done) {
            return Optional.of(member + " has done change " + done.changeId() + ": " + done.configuration());
        } else if (effect instanceof Effect.MembershipChangeRejected refused) {
            return Optional.of(member + " refuses change " + refused.changeId() + ": " + refused.rejection()
                    + leader(refused.leader()));
        }
        return Optional.empty();
    }

    private static Optional<String> ofSnapshots(NodeId member, Effect effect) {
        if (effect instanceof Effect.TakeSnapshot take) {
            return Optional.of(member + " takes a snapshot at " + take.position());
        } else if (effect instanceof Effect.CompactLog compact) {
            return Optional.of(member + " drops its log up to " + compact.throughIndex());
        } else if (effect instanceof Effect.RestoreStateMachine restore) {
            return Optional.of(
                    member + " restores the state as of " + restore.snapshot().last());
        } else if (effect instanceof Effect.ReadSnapshotChunk || effect instanceof Effect.WriteSnapshotChunk) {
            return Optional.empty();
        }
        return Optional.of(member + " " + effect);
    }

    private static String leader(Optional<NodeId> leader) {
        return leader.map(id -> ", ask " + id).orElse("");
    }

    private static String of(Effect.Persist persist) {
        List<String> parts = new ArrayList<>();
        persist.hardState()
                .ifPresent(hard -> parts.add("term " + hard.term()
                        + hard.votedFor().map(id -> ", vote for " + id).orElse("")
                        + (hard.commitIndex() == 0 ? "" : ", commit " + hard.commitIndex())));
        persist.truncateFrom().ifPresent(index -> parts.add("nothing from " + index + " on"));
        if (!persist.append().isEmpty()) {
            parts.add(persist.append().stream().map(Wording::of).collect(Collectors.joining(", ")));
        }
        return String.join("; ", parts);
    }

    /** Whether {@code effect} is worth a line even where only the outcome counts. */
    static boolean isOutcome(Effect effect) {
        return !(effect instanceof Effect.Send
                || effect instanceof Effect.Persist
                || effect instanceof Effect.CompactLog);
    }
}
