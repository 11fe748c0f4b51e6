package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.transport.Refusal;
import io.mqcontroller.raft.transport.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the configuration means for the links of this member and for its part in the cluster; and who waits for a change of it.
 * The Raft thread's, unless it says otherwise.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final NodeId self;
    private final Transport transport;
    private final RaftListener listener;
    private final Map<Long, CompletableFuture<MembershipResult>> waiting = new HashMap<>();
    private final AtomicReference<Optional<Refusal>> refusal = new AtomicReference<>(Optional.empty());
    private final long farewellMs;
    private long lastChangeId;
    private Configuration inForce = Configuration.NONE;
    /** Whom this member can reach: those in force, and until it is time to part those that were. */
    private SortedMap<NodeId, String> reached = new TreeMap<>();
    /** When to part from those that are no members any more; known when that is committed. */
    private OptionalLong partAtMs = OptionalLong.empty();

    private boolean parted = true;

    /** @param farewellMs how long members that were removed are still spoken with */
    Membership(NodeId self, long farewellMs, Transport transport, RaftListener listener) {
        this.self = self;
        this.farewellMs = farewellMs;
        this.transport = transport;
        this.listener = listener;
    }

    long add(CompletableFuture<MembershipResult> done) {
        waiting.put(++lastChangeId, done);
        return lastChangeId;
    }

    void onConfigurationChanged(Effect.ConfigurationChanged effect) {
        Configuration now = effect.configuration();
        LOG.info("event=configuration_changed index={} configuration=\"{}\"", effect.index(), now);
        inForce = now;
        parted = false;
        partAtMs = OptionalLong.empty();
        reached.putAll(others());
        transport.reach(reached);
        listener.onConfigurationChanged(now, effect.index());
    }

    private SortedMap<NodeId, String> others() {
        SortedMap<NodeId, String> others = new TreeMap<>();
        for (ConfiguredMember member : inForce.members().values()) {
            if (!member.id().equals(self)) {
                others.put(member.id(), member.address());
            }
        }
        return others;
    }

    void onChanged(Effect.MembershipChanged effect) {
        LOG.info("event=membership_changed configuration=\"{}\"", effect.configuration());
        complete(effect.changeId(), new MembershipResult.Done(effect.configuration()));
    }

    void onRejected(Effect.MembershipChangeRejected effect) {
        LOG.info("event=membership_change_rejected reason={}", effect.rejection());
        complete(effect.changeId(), new MembershipResult.NotDone(effect.rejection(), effect.leader()));
    }

    private void complete(long changeId, MembershipResult result) {
        Optional.ofNullable(waiting.remove(changeId)).ifPresent(done -> done.complete(result));
    }

    /** Nobody here will learn what becomes of what still waits. */
    void endAllAsUnknown() {
        List<CompletableFuture<MembershipResult>> ended = new ArrayList<>(waiting.values());
        waiting.clear();
        ended.forEach(done -> done.complete(new MembershipResult.Unknown()));
    }

    /**
     * After each turn. Removed members are parted from, and told so, only some time after that is committed: before, their
     * votes may be needed; and a leader that was removed needs answers until it has handed leadership on.
     */
    void settle(RaftStatus status, long nowMs) {
        if (parted || status.commitIndex() < status.configurationIndex()) {
            return;
        }
        if (partAtMs.isEmpty()) {
            partAtMs = OptionalLong.of(nowMs + farewellMs);
        } else if (nowMs >= partAtMs.getAsLong()) {
            parted = true;
            reached = others();
            transport.reach(reached);
            transport.refuse(inForce.removed());
        }
    }

    /** A peer does not take what this member sends, for good. Any thread. */
    void onRefused(NodeId peer, Refusal why) {
        if (refusal.getAndSet(Optional.of(why)).equals(Optional.of(why))) {
            return;
        }
        if (why == Refusal.REMOVED) {
            LOG.warn(
                    "event=removed_from_cluster self={} told_by={} cause=\"this member was removed: it takes no part any"
                            + " more, and its process can be stopped\"",
                    self,
                    peer);
        } else {
            LOG.error(
                    "event=store_lost self={} told_by={} cause=\"the others know {} with another store: that one is lost,"
                            + " and an empty one never votes in its place. Remove {} from the cluster, and add this machine again"
                            + " under a new id\"",
                    self,
                    peer,
                    self,
                    self);
        }
    }

    /** One that was removed must not ask for votes any more: nobody would hear it. A leader may find out by itself. */
    boolean mayCampaign(RaftStatus status) {
        return refusal.get().isEmpty() || status.role() == RoleName.LEADER;
    }

    /** Any thread. */
    MemberState stateOf(RaftStatus status, boolean formed) {
        Configuration now = status.configuration();
        if (refusal.get().equals(Optional.of(Refusal.ANOTHER_STORE))) {
            return MemberState.STORE_LOST;
        } else if (refusal.get().isPresent() || now.removed().contains(self)) {
            return MemberState.REMOVED;
        } else if (!formed) {
            return MemberState.FORMING;
        } else if (now.isVoter(self)) {
            return MemberState.VOTER;
        }
        return now.isMember(self) ? MemberState.LEARNER : MemberState.WAITING_TO_JOIN;
    }
}
