package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the parts of the core share: the state of one member. {@code appliedIndex <= commitIndex <= log.lastIndex()}, {@code
 * appliedIndex <= disk.durableIndex()}, {@code log.base() <= snapshot <= appliedIndex}.
 */
final class Member {
    final RaftSettings settings;
    /** Of this member's store. */
    final long incarnation;

    final RandomGenerator random;
    final Configurations configurations;
    final RaftLog log;
    final PersistQueue disk;
    final DiskWatch diskWatch;
    final Sessions sessions;
    final Effects effects = new Effects();

    long nowMs;
    /** Its timer starts with the first step. */
    Role role = new Role.Follower(Optional.empty(), Long.MAX_VALUE, 0);

    /** Term and vote. Its commit index is that of the last write; {@link #commitIndex} is the one in force. */
    HardState hard;

    long commitIndex;
    long appliedIndex;
    Optional<SnapshotMetadata> snapshot;

    /** When any leader was heard last, or this member started. */
    long leaderHeardMs;

    /** A snapshot of the own state machine is being written. */
    boolean snapshotIsBeingTaken;
    /** A received snapshot is replacing the log on disk: until that is done the log must not change, nor this member lead. */
    boolean snapshotIsInstalling;

    Member(RaftSettings settings, RecoveredState recovered, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.incarnation = recovered.incarnation();
        this.snapshot = recovered.snapshot();
        this.log = logOf(recovered);
        this.hard = recovered.hardState();
        this.disk = new PersistQueue(log, hard);
        this.diskWatch = new DiskWatch(settings);
        this.sessions = new Sessions(settings.maxSessions());
        CoreSnapshot ofCore = CoreSnapshot.read(recovered.sessions());
        this.sessions.restore(ofCore.sessions());
        this.configurations = configurationsOf(ofCore, recovered);
        this.appliedIndex = snapshotIndex();
        this.commitIndex = Math.max(hard.commitIndex(), appliedIndex);
        if (commitIndex > log.lastIndex()) {
            throw new LogDamagedException("entries up to " + commitIndex
                    + " were committed, but the stored log ends at " + log.last() + ": what was durable is lost");
        }
    }

    private Configurations configurationsOf(CoreSnapshot ofCore, RecoveredState recovered) {
        boolean joins = incarnation != RecoveredState.BOOTSTRAPPED;
        if (!joins && !settings.bootstrap().isMember(self())) {
            throw new IllegalArgumentException(
                    "self " + self() + " is not one of the first members: " + settings.bootstrap());
        }
        Configurations known = new Configurations(joins ? Configuration.NONE : settings.bootstrap());
        known.onSnapshot(ofCore.configuration());
        for (Entry entry : recovered.entries()) {
            if (entry.index() > known.currentIndex()) {
                known.onAppended(entry);
            }
        }
        return known;
    }

    /** The stored log: from behind the snapshot on, or from before it if the store kept entries for slow followers. */
    private static RaftLog logOf(RecoveredState recovered) {
        LogPosition snapshotEnd =
                recovered.snapshot().map(SnapshotMetadata::last).orElse(LogPosition.ZERO);
        long snapshotChain = recovered.snapshot().map(SnapshotMetadata::chain).orElse(Entry.CHAIN_START);
        RaftLog log = new RaftLog(snapshotEnd, snapshotChain);
        List<Entry> entries = recovered.entries();
        if (entries.isEmpty() || entries.get(entries.size() - 1).index() < snapshotEnd.index()) {
            return log;
        }
        Entry first = entries.get(0);
        if (first.index() <= snapshotEnd.index()) {
            log = new RaftLog(first.position(), first.chain());
            entries = entries.subList(1, entries.size());
        }
        for (Entry entry : entries) {
            if (entry.index() != log.lastIndex() + 1 || !entry.isIntactAfter(log.lastChain())) {
                throw new LogDamagedException(
                        "the stored entry " + entry.position() + " does not stand behind " + log.last());
            }
            log.append(entry);
        }
        if (!log.holds(snapshotEnd) || log.chainAt(snapshotEnd.index()) != snapshotChain) {
            throw new LogDamagedException("the stored log does not hold " + snapshotEnd + ", where the snapshot ends");
        }
        return log;
    }

    NodeId self() {
        return settings.self();
    }

    /** The newest in the log, committed or not (§6). */
    Configuration configuration() {
        return configurations.current();
    }

    /** Whether this member counts. */
    boolean isVoter() {
        return isVoterOf(configuration());
    }

    private boolean isVoterOf(Configuration some) {
        return some.isVoter(self()) && some.includes(self(), incarnation);
    }

    /**
     * Whether this member may ask for votes. Also if the newest configuration is without it, as long as that may still not be
     * committed: it may be the only one that has it, and then nobody with an older log can win without this member's vote,
     * which its newer log forbids (thesis §4.2.2).
     */
    boolean mayCampaign() {
        return isVoter() || commitIndex < configurations.currentIndex() && isVoterOf(configurations.beforeCurrent());
    }

    /**
     * Whether this member's vote means anything. It need not know itself as a voter: its log may lag behind the configuration
     * that made it one, and an election may depend on it (thesis §4.2.2). But one that joins must have been named with this
     * store: whoever was named with another one has forgotten whom it voted for.
     */
    boolean mayVote() {
        return incarnation == RecoveredState.BOOTSTRAPPED || configurations.everIncluded(self(), incarnation);
    }

    long term() {
        return hard.term();
    }

    /** Term, vote and commit index as they are now. */
    HardState hardStateNow() {
        return hard.withCommitIndex(commitIndex);
    }

    Optional<NodeId> knownLeader() {
        if (role instanceof Role.Leader) {
            return Optional.of(self());
        }
        return role instanceof Role.Follower follower ? follower.leader : Optional.empty();
    }

    /**
     * Between one and two election timeouts from now: members that time out together rarely do so again (§5.2). Later if the
     * disk is full or slow: others lead better.
     */
    long randomElectionDeadlineMs() {
        long laterMs = diskWatch.isImpaired(nowMs) ? 2 * settings.electionTimeoutMs() : 0;
        return nowMs + laterMs + settings.electionTimeoutMs() + random.nextLong(settings.electionTimeoutMs());
    }

    /** Sends what states this member's term or vote, once that is durable. */
    void sendDurably(NodeId to, Message message) {
        disk.sendWhenPromiseIsDurable(hard, to, message, effects);
    }

    void roleChanged(String cause) {
        effects.add(new Effect.RoleChanged(role.name(), term(), knownLeader(), cause));
    }

    /** Only appends: what one batch of events brings leaves as one write and one message to each follower. */
    void append(Role.Leader leader, EntryKind kind, ProposalId id, Bytes command) {
        LogPosition position = new LogPosition(term(), log.lastIndex() + 1);
        Entry entry = Entry.create(log.lastChain(), position, kind, id, command);
        append(entry);
        leader.uncommittedBytes += RaftLog.sizeOf(entry);
    }

    /** What this member tells others about its store. */
    StoreHealth storeHealth() {
        return new StoreHealth(hard.recoveryId(), diskWatch.isImpaired(nowMs));
    }

    void append(Entry entry) {
        log.append(entry);
        configurations.onAppended(entry);
        if (entry.kind() == EntryKind.CONFIGURATION && role instanceof Role.Leader leader) {
            leader.follow(configuration(), self(), log.lastIndex(), nowMs);
        }
    }

    /** Drops the entries from {@code index} on, which were never committed. */
    void truncateFrom(long index) {
        log.truncateFrom(index);
        configurations.onTruncatedFrom(index);
        disk.onTruncatedFrom(index);
    }

    long snapshotIndex() {
        return snapshot.map(taken -> taken.last().index()).orElse(0L);
    }

    /** Follower-side and leader-side alike: a majority holds everything up to {@code index}. */
    void commitThrough(long index) {
        commitIndex = Math.max(commitIndex, index);
    }
}
