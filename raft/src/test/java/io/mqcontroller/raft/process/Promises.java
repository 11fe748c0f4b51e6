package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What members have promised over all their lives, by their own words, and whether they kept it: at most one vote in a term,
 * at most one leader in a term, and a restarted member still has its vote and the log that it said it holds.
 */
final class Promises {
    static final String NOBODY = "-";

    private final SortedMap<NodeId, Member> members = new TreeMap<>();
    private final SortedMap<Long, NodeId> leaderOfTerm = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private int votes;

    private static final class Member {
        private final SortedMap<Long, String> votes = new TreeMap<>();
        private long heldTerm;
        private long heldIndex;
    }

    /** A line of {@link MemberProgram}'s output; one that promises nothing is ignored. */
    synchronized void onLine(NodeId id, String line) {
        Member member = members.computeIfAbsent(id, unknown -> new Member());
        String[] words = line.split(" ");
        switch (words[0]) {
            case "vote" -> onVote(id, member, Long.parseLong(words[1]), words[2]);
            case "holds" -> onHeld(member, Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "recovered" -> onRecovered(id, member, Long.parseLong(words[1]), words[2], Long.parseLong(words[3]));
            case "role" -> onRole(id, words[1], Long.parseLong(words[2]));
            default -> {
                // Not a promise.
            }
        }
    }

    private void onVote(NodeId id, Member member, long term, String candidate) {
        votes++;
        String before = member.votes.putIfAbsent(term, candidate);
        if (before != null && !before.equals(candidate)) {
            broken.add(id + " voted for " + before + " and for " + candidate + " in term " + term);
        }
    }

    /** In one term what is held only grows; a later leader may have cut off what an earlier one had not committed. */
    private static void onHeld(Member member, long term, long index) {
        member.heldIndex = term > member.heldTerm ? index : Math.max(member.heldIndex, index);
        member.heldTerm = term;
    }

    private void onRecovered(NodeId id, Member member, long term, String votedFor, long lastIndex) {
        long lastVoted = member.votes.isEmpty() ? 0 : member.votes.lastKey();
        if (term < Math.max(lastVoted, member.heldTerm)) {
            broken.add(id + " came back in term " + term + " from term " + Math.max(lastVoted, member.heldTerm));
        } else if (lastVoted > 0 && term == lastVoted && !votedFor.equals(member.votes.get(lastVoted))) {
            broken.add(id + " came back with a vote for " + votedFor + " in term " + term + ", but voted for "
                    + member.votes.get(lastVoted));
        }
        // In a later term the end may have been cut off.
        if (term == member.heldTerm && lastIndex < member.heldIndex) {
            broken.add(
                    id + " came back with a log up to " + lastIndex + ", but said that it holds " + member.heldIndex);
        }
    }

    private void onRole(NodeId id, String role, long term) {
        if (!role.equals("LEADER")) {
            return;
        }
        NodeId before = leaderOfTerm.putIfAbsent(term, id);
        if (before != null && !before.equals(id)) {
            broken.add(before + " and " + id + " both led term " + term);
        }
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized int votesSeen() {
        return votes;
    }
}
