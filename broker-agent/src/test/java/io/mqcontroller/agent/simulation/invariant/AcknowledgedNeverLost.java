package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * C8: what was acknowledged because all of the set had it is in the log of every later master, unless the machine of one that
 * had it has lost it. An acknowledgement by less promises nothing beyond the master's own log; and nothing is promised any more
 * in a group in which somebody from outside the set was elected, where that is allowed. A master without an agent may take a
 * slave out of its own set before the controllers know: what it acknowledges without members of the recorded set is not promised
 * either; nor is anything in a group where a broker without an agent has gone by an epoch file that says what is not so.
 */
public final class AcknowledgedNeverLost implements Invariant {
    private record Acknowledged(int offset, long message, int epoch, SortedSet<Long> holders) {}

    private final List<? extends Broker> brokers;
    private final boolean unclean;
    private final SortedSet<GroupKey> givenUp = new TreeSet<>();
    private final SortedMap<GroupKey, SyncStateSet> recorded = new TreeMap<>();
    private final SortedMap<GroupKey, List<Acknowledged>> all = new TreeMap<>();
    private final SortedSet<String> haveLost = new TreeSet<>();

    AcknowledgedNeverLost(List<? extends Broker> brokers, boolean unclean) {
        this.brokers = brokers;
        this.unclean = unclean;
    }

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        recorded.merge(
                after.key(),
                after.syncStateSet(),
                (known, replayed) -> replayed.epoch() > known.epoch() ? replayed : known);
        boolean elected =
                before.isPresent() && after.master().isPresent() && before.get().masterEpoch() != after.masterEpoch();
        if (unclean
                && elected
                && !before.get().syncStateSet().contains(after.master().get())) {
            giveUp(after.key());
        }
    }

    private void giveUp(GroupKey group) {
        givenUp.add(group);
        of(group).clear();
    }

    @Override
    public void onEpochMistaken(Broker broker) {
        giveUp(broker.group());
    }

    @Override
    public void onAcknowledged(Broker broker, int offset, long message, AckRule rule, SortedSet<Long> acking) {
        if (rule == AckRule.ALL_IN_SYNC
                && !givenUp.contains(broker.group())
                && (broker.hasAgent() || holdsRecorded(broker.group(), acking))
                && !isLostAlready(broker, offset, message, acking)) {
            of(broker.group()).add(new Acknowledged(offset, message, broker.roleEpoch(), new TreeSet<>(acking)));
        }
    }

    private boolean holdsRecorded(GroupKey group, SortedSet<Long> acking) {
        return recorded.get(group).members().stream().allMatch(member -> acking.contains(member.value()));
    }

    /** A member's confirmation may have been on its way when the member's machine lost the message. */
    private boolean isLostAlready(Broker master, int offset, long message, SortedSet<Long> acking) {
        return brokers.stream()
                .anyMatch(broker -> broker.group().equals(master.group())
                        && acking.contains(broker.brokerId())
                        && haveLost.contains(broker.name())
                        && !broker.holds(offset, message));
    }

    private List<Acknowledged> of(GroupKey group) {
        return all.computeIfAbsent(group, key -> new ArrayList<>());
    }

    /** Whoever has a message may have become the only one that counts. */
    @Override
    public void onLogLost(Broker broker, int sizeBefore) {
        haveLost.add(broker.name());
        of(broker.group()).removeIf(a -> a.offset >= broker.logSize() && a.offset < sizeBefore);
    }

    @Override
    public void onMaster(Broker broker) {
        for (Acknowledged a : of(broker.group())) {
            if (a.epoch < broker.roleEpoch() && !broker.holds(a.offset, a.message)) {
                throw new InvariantViolation(
                        getClass(),
                        broker.name() + " is master under epoch " + broker.roleEpoch() + " without message " + a.message
                                + " at " + a.offset + ", acknowledged under epoch " + a.epoch + " when " + a.holders
                                + " had it");
            }
        }
    }

    @Override
    public void atEnd(List<? extends Broker> brokers) {
        for (Broker broker : brokers) {
            for (Acknowledged a : of(broker.group())) {
                if (!broker.holds(a.offset, a.message)) {
                    throw new InvariantViolation(
                            getClass(), broker.name() + " ends without message " + a.message + " at " + a.offset);
                }
            }
        }
    }
}
