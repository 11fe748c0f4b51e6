package io.mqcontroller.controller.controller.history;

import io.mqcontroller.controller.controller.history.HistoryEvent.Decided;
import io.mqcontroller.controller.controller.history.HistoryEvent.Kind;
import io.mqcontroller.controller.controller.history.HistoryEvent.Operation;
import io.mqcontroller.controller.controller.history.HistoryEvent.Roles;
import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.raft.core.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Tells what committed records mean to people. */
public final class HistoryWriter {
    /** A machine may have thousands of replicas; each told by itself, nothing else would be remembered. */
    private static final int MAX_DRAINS_TOLD_SINGLY = 50;

    private final Consumer<HistoryEvent> history;
    private long lastIndex;

    /** @param history gets each event; must return at once, and not throw */
    public HistoryWriter(Consumer<HistoryEvent> history) {
        this.history = history;
    }

    /** What the leader knows of an election of its own. */
    @FunctionalInterface
    public interface Stories {
        Decided of(GroupKey group, boolean foundSomebody);
    }

    /** What a record changed in a group. */
    private record Change(
            Kind kind,
            GroupKey group,
            Roles before,
            Roles after,
            String cause,
            boolean unclean,
            Optional<Operation> operation) {
        Change(Kind kind, GroupKey group, Roles before, Roles after, String cause, boolean unclean) {
            this(kind, group, before, after, cause, unclean, Optional.empty());
        }

        Change(Kind kind, GroupKey group, Roles before, Roles after, String cause) {
            this(kind, group, before, after, cause, false);
        }
    }

    /** Somebody else leads from now on. */
    public void leaderChanged(NodeId leader, long term) {
        history.accept(new HistoryEvent(
                Kind.LEADER_CHANGED,
                lastIndex,
                Integer.MAX_VALUE,
                term,
                Optional.empty(),
                Roles.NONE,
                Roles.NONE,
                "elected by the controllers",
                false,
                Optional.empty(),
                Optional.of(leader),
                false));
    }

    /** @param replayed it is this member's own log, read back */
    public void committed(DecisionLog.Effect effect, boolean replayed, Stories stories) {
        lastIndex = effect.index();
        Batch batch = new Batch(effect);
        boolean drainsTogether = drains(effect) > MAX_DRAINS_TOLD_SINGLY;
        boolean drainsTold = false;
        int ordinal = 0;
        for (MetadataRecord record : effect.records()) {
            int place = ordinal++;
            if (drainsTogether && record instanceof MetadataRecord.ReplicaDrained drained) {
                if (!drainsTold) {
                    tellTogether(effect, place, drained.drained(), replayed);
                    drainsTold = true;
                }
                continue;
            }
            batch.changeBy(record).ifPresent(change -> tell(effect, place, change, replayed, stories));
        }
    }

    private static long drains(DecisionLog.Effect effect) {
        return effect.records().stream()
                .filter(MetadataRecord.ReplicaDrained.class::isInstance)
                .count();
    }

    private void tellTogether(DecisionLog.Effect effect, int ordinal, boolean drained, boolean replayed) {
        history.accept(HistoryEvent.of(
                drained ? Kind.REPLICA_DRAINED : Kind.REPLICA_UNDRAINED,
                effect.index(),
                ordinal,
                effect.term(),
                Optional.empty(),
                replayed,
                Operation.of(drains(effect) + " replicas")));
    }

    private void tell(DecisionLog.Effect effect, int ordinal, Change change, boolean replayed, Stories stories) {
        Optional<Decided> decided = Optional.empty();
        if (effect.own()) {
            decided = Optional.of(
                    change.kind() == Kind.MASTER_CHANGED
                            ? stories.of(change.group(), change.after().master().isPresent())
                            : new Decided(List.of(), OptionalLong.empty()));
        }
        history.accept(new HistoryEvent(
                change.kind(),
                effect.index(),
                ordinal,
                effect.term(),
                Optional.of(change.group()),
                change.before(),
                change.after(),
                change.cause(),
                change.unclean(),
                decided,
                Optional.empty(),
                replayed,
                change.operation()));
    }

    /** The records of one entry, one after the other: each finds what those before it have left. */
    private static final class Batch {
        private final DecisionLog.Effect effect;
        private final Map<GroupKey, Roles> now = new HashMap<>();

        Batch(DecisionLog.Effect effect) {
            this.effect = effect;
        }

        Optional<Change> changeBy(MetadataRecord record) {
            if (record instanceof MetadataRecord.MasterChanged changed) {
                Roles after = new Roles(changed.master(), changed.masterEpoch(), changed.syncStateSet());
                String cause = changed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                Roles before = replace(changed.group(), after);
                return Optional.of(
                        new Change(Kind.MASTER_CHANGED, changed.group(), before, after, cause, changed.unclean()));
            } else if (record instanceof MetadataRecord.SyncStateSetChanged changed) {
                Roles roles = rolesOf(changed.group());
                Roles after = new Roles(roles.master(), roles.masterEpoch(), changed.syncStateSet());
                Roles before = replace(changed.group(), after);
                return Optional.of(new Change(
                        Kind.SYNC_STATE_SET_CHANGED, changed.group(), before, after, causeOf(changed, before)));
            } else if (record instanceof MetadataRecord.ReplicasRemoved removed) {
                Roles roles = rolesOf(removed.group());
                String cause = "operator removed " + SyncStateSet.describe(removed.ids());
                return Optional.of(new Change(Kind.REPLICAS_REMOVED, removed.group(), roles, roles, cause));
            } else if (record instanceof MetadataRecord.ReplicaDrained drained) {
                Roles roles = rolesOf(drained.group());
                return Optional.of(new Change(
                        drained.drained() ? Kind.REPLICA_DRAINED : Kind.REPLICA_UNDRAINED,
                        drained.group(),
                        roles,
                        roles,
                        "operator",
                        false,
                        Optional.of(Operation.of(drained.id()))));
            } else if (record instanceof MetadataRecord.GroupRemoved removed) {
                Roles before = replace(removed.group(), Roles.NONE);
                return Optional.of(
                        new Change(Kind.GROUP_REMOVED, removed.group(), before, Roles.NONE, "operator removed it"));
            }
            return Optional.empty();
        }

        private String causeOf(MetadataRecord.SyncStateSetChanged changed, Roles before) {
            Set<BrokerId> old = before.syncStateSet().members();
            Set<BrokerId> fresh = changed.syncStateSet().members();
            boolean operator = effect.records().stream()
                    .anyMatch(other -> other instanceof MetadataRecord.ReplicasRemoved removed
                            && removed.group().equals(changed.group()));
            if (operator) {
                return "operator removed a replica";
            } else if (old.equals(fresh)) {
                return "a replica that should join is not alive";
            }
            return fresh.containsAll(old) ? "slave caught up" : "slave is behind";
        }

        private Roles replace(GroupKey key, Roles after) {
            Roles before = rolesOf(key);
            now.put(key, after);
            return before;
        }

        private Roles rolesOf(GroupKey key) {
            Roles known = now.get(key);
            return known != null
                    ? known
                    : effect.before()
                            .group(key)
                            .map(group -> new Roles(group.master(), group.masterEpoch(), group.syncStateSet()))
                            .orElse(Roles.NONE);
        }
    }
}
