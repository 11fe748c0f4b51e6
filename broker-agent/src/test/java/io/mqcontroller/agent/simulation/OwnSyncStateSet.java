package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.SlaveProgress;
import io.mqcontroller.agent.core.SyncStateSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;

/**
 * The SyncStateSet of a master without an agent, as RocketMQ's replication keeps it: while a change is asked for the union
 * counts, but for slaves whose connection has ended: the newest release counts on those no more at once.
 */
final class OwnSyncStateSet {
    private final SimBroker broker;
    private final long notCatchUpMs;
    private final ObjIntConsumer<SortedSet<Long>> alter;
    private final SortedMap<Long, Long> caughtUpMs = new TreeMap<>();
    private SyncStateSet confirmed = SyncStateSet.of(-1, List.of());
    private SortedSet<Long> local = new TreeSet<>();
    private SortedSet<Long> proposed = new TreeSet<>();
    private SortedSet<Long> connected = new TreeSet<>();

    /** @param alter asks for a set, changed from the one of this epoch */
    OwnSyncStateSet(SimBroker broker, long notCatchUpMs, ObjIntConsumer<SortedSet<Long>> alter) {
        this.broker = broker;
        this.notCatchUpMs = notCatchUpMs;
        this.alter = alter;
    }

    /** The broker has become master. */
    void begin(SyncStateSet first) {
        confirmed = SyncStateSet.of(-1, List.of());
        connected = new TreeSet<>();
        caughtUpMs.clear();
        first.members().forEach(member -> caughtUpMs.put(member, broker.nowMs()));
        broker.writes().use(broker.wantedRule());
        confirm(first);
    }

    /** This set is recorded. */
    void confirm(SyncStateSet recorded) {
        if (recorded.epoch() > confirmed.epoch()) {
            confirmed = recorded;
            local = new TreeSet<>(recorded.members());
            proposed = new TreeSet<>();
            count();
        }
    }

    private void count() {
        SortedSet<Long> union = new TreeSet<>(local);
        union.addAll(proposed);
        broker.writes().acknowledgeBy(union);
        broker.after(0, broker.writes()::acknowledge);
    }

    /** The slaves or the configuration may have changed. */
    void look() {
        broker.writes().use(broker.wantedRule());
        SortedSet<Long> now = new TreeSet<>();
        SortedSet<Long> wanted = new TreeSet<>(local);
        for (SlaveProgress slave : broker.replication().progress()) {
            if (slave.connected()) {
                now.add(slave.brokerId());
            }
            if (slave.connected() && !slave.learner() && slave.ackOffset() >= broker.confirmOffset()) {
                caughtUpMs.put(slave.brokerId(), broker.nowMs());
                wanted.add(slave.brokerId());
            }
        }
        SortedSet<Long> lost = new TreeSet<>(connected);
        lost.removeAll(now);
        lost.retainAll(local);
        connected = now;
        if (!lost.isEmpty()) {
            lose(lost);
        } else if (!local.containsAll(wanted) && proposed.isEmpty()) {
            propose(wanted);
        }
    }

    private void lose(SortedSet<Long> lost) {
        SortedSet<Long> left = new TreeSet<>(local);
        left.removeAll(lost);
        if (broker.simulation.plan().mixture().shrinksAtOnce()) {
            local = left;
        }
        propose(left);
    }

    private void propose(SortedSet<Long> wanted) {
        proposed = wanted;
        count();
        alter.accept(wanted, confirmed.epoch());
    }

    /** Every few seconds: takes out who has not caught up for long, and repeats what was not answered. */
    void checkInTurn() {
        if (!broker.isMaster()) {
            return;
        }
        SortedSet<Long> wanted = new TreeSet<>(proposed.isEmpty() ? local : proposed);
        wanted.removeIf(member -> member != broker.brokerId()
                && broker.nowMs() - caughtUpMs.getOrDefault(member, Long.MIN_VALUE / 2) > notCatchUpMs);
        if (!wanted.equals(confirmed.members())) {
            propose(wanted);
        } else {
            proposed = new TreeSet<>();
            look();
        }
    }
}
