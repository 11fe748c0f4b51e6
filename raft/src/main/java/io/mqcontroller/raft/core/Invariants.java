package io.mqcontroller.raft.core;

import java.util.Optional;

/** What must hold after every step. Cheap, and always on: a member that broke one of these must not go on. */
final class Invariants {
    private final Member member;
    private long term;
    private long commitIndex;
    private long appliedIndex;

    Invariants(Member member) {
        this.member = member;
        remember();
    }

    void check() {
        long durableIndex = member.disk.durableIndex();
        long lastIndex = member.log.lastIndex();
        require(member.term() >= term, "the term fell");
        require(member.commitIndex >= commitIndex, "the commit index fell");
        require(member.appliedIndex >= appliedIndex, "the applied index fell");
        require(member.appliedIndex <= member.commitIndex, "applied what is not committed");
        require(member.appliedIndex <= durableIndex, "applied what is not durable");
        require(member.commitIndex <= lastIndex, "committed what is not in the log");
        require(durableIndex <= lastIndex, "the disk is ahead of the log");
        require(member.log.base().index() <= member.snapshotIndex(), "compacted what no snapshot covers");
        require(member.snapshotIndex() <= member.appliedIndex, "the snapshot is ahead of the state");
        require(
                !member.hard.isRecovering()
                        || member.role instanceof Role.Follower
                                && member.hard.votedFor().isEmpty(),
                "takes part in elections without its store");
        if (member.role instanceof Role.Leader leader) {
            check(leader);
        }
        remember();
    }

    private void check(Role.Leader leader) {
        require(member.hard.votedFor().equals(Optional.of(member.self())), "leads without its own vote");
        require(member.log.last().term() == member.term(), "leads without an entry of its term");
        for (Progress follower : leader.followers.values()) {
            require(follower.matchIndex() <= member.log.lastIndex(), "a follower is ahead of its leader");
            require(follower.matchIndex() < follower.nextIndex(), "nextIndex is not behind matchIndex");
        }
    }

    private void remember() {
        term = member.term();
        commitIndex = member.commitIndex;
        appliedIndex = member.appliedIndex;
    }

    private void require(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException(
                    violation + ": member " + member.self() + ", " + member.role.name() + ", term "
                            + member.term() + ", applied " + member.appliedIndex + ", commit " + member.commitIndex
                            + ", durable "
                            + member.disk.durableIndex() + ", last " + member.log.last() + ", base " + member.log.base()
                            + ", snapshot " + member.snapshotIndex());
        }
    }
}
