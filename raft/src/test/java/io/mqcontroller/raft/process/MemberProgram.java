package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.RaftListener;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.transport.LoopbackAddress;
import io.mqcontroller.raft.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One member as a process. It is told on its standard input what to do ({@code go}, {@code propose KEY}, {@code state}) and
 * says on its standard output, a line each, what it found in its store, what it promises before it does so, and what became of
 * proposals. It opens its store at once, but takes part only from {@code go} on. It ends when its input ends, and with exit code
 * 1 when it can't go on.
 */
public final class MemberProgram {
    /** System property: true for a member with {@link LateWrites}. */
    static final String LATE_WRITES = "late.writes";

    /** Often, so that the syncs of snapshots are among those that are counted. */
    static final int SNAPSHOT_EVERY_ENTRIES = 100;

    private static final int HEARTBEATS_PER_ELECTION_TIMEOUT = 10;

    private MemberProgram() {}

    /** Arguments: own id, folder of the store, election timeout in ms, {@code id=host:port} of each member. */
    public static void main(String[] args) throws IOException {
        NodeId self = new NodeId(args[0]);
        SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
        for (String member : List.of(args).subList(3, args.length)) {
            String[] idAndAddress = member.split("=", 2);
            addresses.put(new NodeId(idAndAddress[0]), LoopbackAddress.parse(idAndAddress[1]));
        }
        RaftSettings settings = LocalMember.settings(
                self,
                List.copyOf(addresses.keySet()),
                Long.parseLong(args[2]),
                HEARTBEATS_PER_ELECTION_TIMEOUT,
                SNAPSHOT_EVERY_ENTRIES,
                SNAPSHOT_EVERY_ENTRIES / 2);
        Announcements out = new Announcements();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        AppliedKeys machine = new AppliedKeys();
        LocalMember member = new LocalMember(
                settings,
                addresses,
                Path.of(args[1]),
                machine,
                announcing(self, in, out),
                announcing(out),
                (what, cause) -> {
                    out.say("fault " + what + ": " + cause);
                    Runtime.getRuntime().halt(1);
                });
        out.say("ready");
        obey(in, member.node, machine, out);
        Runtime.getRuntime().halt(0);
    }

    private static LocalMember.Surroundings announcing(NodeId self, BufferedReader in, Announcements out) {
        return new LocalMember.Surroundings() {
            @Override
            public LogStore around(LogStore store) throws IOException {
                out.say(recovered(store.recover()));
                // Whoever traces this process attaches now.
                in.readLine();
                return Boolean.getBoolean(LATE_WRITES) ? new LateWrites(store) : store;
            }

            @Override
            public Transport around(Transport transport) {
                return new ObservedTransport(transport, (to, message) -> announce(self, to, message, out));
            }
        };
    }

    /** What a message promises: whom this member votes for, and what it holds durably. */
    private static void announce(NodeId self, NodeId to, Message message, Announcements out) {
        if (message instanceof Message.VoteReply vote && vote.granted()) {
            out.say("vote " + vote.term() + " " + to);
        } else if (message instanceof Message.RequestVote own) {
            out.say("vote " + own.term() + " " + self);
        } else if (message instanceof Message.AppendReply reply && reply.success()) {
            out.say("holds " + reply.term() + " " + reply.matchIndex());
        }
    }

    private static String recovered(RecoveredState state) {
        List<Entry> entries = state.entries();
        LogPosition last = entries.isEmpty()
                ? state.snapshot().map(SnapshotMetadata::last).orElse(LogPosition.ZERO)
                : entries.get(entries.size() - 1).position();
        String votedFor = state.hardState().votedFor().map(NodeId::value).orElse(Promises.NOBODY);
        return "recovered " + state.hardState().term() + " " + votedFor + " " + last.index();
    }

    private static RaftListener announcing(Announcements out) {
        return new RaftListener() {
            @Override
            public void onRoleChanged(RoleName role, long term, Optional<NodeId> leader) {
                out.say("role " + role + " " + term);
            }

            @Override
            public void onSnapshotInstalled(SnapshotMetadata snapshot) {
                out.say("installed " + snapshot.last().index());
            }
        };
    }

    private static void obey(BufferedReader in, RaftNode node, AppliedKeys machine, Announcements out)
            throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("state")) {
                out.say("state " + machine.asText());
                continue;
            }
            String key = line.substring("propose ".length());
            node.propose(
                    Bytes.utf8(key),
                    result -> out.say((result instanceof ProposalResult.Done ? "done " : "undone ") + key));
        }
    }
}
