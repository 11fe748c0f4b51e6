package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What clients write to a master, and when it tells them that it is safe. */
final class Writes {
    /** From the look at the permit to the socket, in brokers that don't look again there. */
    private static final long ON_THE_WAY_US = 5_000;

    private final SimBroker broker;
    private final BrokerLog log;
    private final Replication replication;
    private final List<Pending> pending = new ArrayList<>();
    private AckRule rule = AckRule.ALL_IN_SYNC;
    private SortedSet<Long> acking = new TreeSet<>();
    private int confirmOffset;

    private record Pending(int offset, long message, long flushedUs) {}

    Writes(SimBroker broker, BrokerLog log, Replication replication) {
        this.broker = broker;
        this.log = log;
        this.replication = replication;
    }

    /** The broker has become master. */
    void begin(AckRule newRule, SortedSet<Long> members) {
        rule = newRule;
        acking = new TreeSet<>(members);
        confirmOffset = 0;
    }

    /** Nobody is told any more of what was written. */
    void abandon() {
        pending.clear();
    }

    void acknowledgeBy(SortedSet<Long> members) {
        acking = new TreeSet<>(members);
    }

    void use(AckRule newRule) {
        rule = newRule;
    }

    /** A client's message has come in. */
    void write(long number) {
        Simulation simulation = broker.simulation;
        if (!broker.isMaster() || !broker.control().takesWrites()) {
            simulation.count(Counter.WRITES_REFUSED);
            return;
        }
        simulation.count(Counter.WRITES_TAKEN);
        log.append(number);
        long flushUs = broker.chance.between(100, simulation.plan().maxFlushMs() * 1_000);
        pending.add(new Pending(log.size() - 1, number, simulation.time().nowUs() + flushUs));
        replication.sendNew();
        broker.after(flushUs, this::acknowledge);
    }

    private boolean mayAcknowledge() {
        return broker.isMaster() && broker.control().allowsWrites();
    }

    void acknowledge() {
        Simulation simulation = broker.simulation;
        Iterator<Pending> all = pending.iterator();
        while (all.hasNext()) {
            Pending next = all.next();
            if (next.flushedUs > simulation.time().nowUs() || !isHeldByAllNeeded(next.offset)) {
                return;
            }
            all.remove();
            if (!mayAcknowledge() && !(broker.isMaster() && simulation.mutant().forgetsPermitAtAck())) {
                simulation.count(Counter.ACKNOWLEDGEMENTS_WITHHELD);
            } else if (simulation.mutant().answersLate()) {
                broker.after(ON_THE_WAY_US, () -> tellLate(next));
            } else {
                tell(next);
            }
        }
    }

    private void tellLate(Pending one) {
        if (broker.isMaster()) {
            tell(one);
        }
    }

    private void tell(Pending one) {
        Simulation simulation = broker.simulation;
        simulation.invariants().onAcknowledged(broker, one.offset, one.message, rule, acking);
        if (!broker.hasAgent()) {
            simulation.count(Counter.ACKNOWLEDGED_WITHOUT_AGENT);
        }
        simulation.count(rule == AckRule.ALL_IN_SYNC ? Counter.ACKNOWLEDGED_BY_ALL : Counter.ACKNOWLEDGED_BY_LESS);
    }

    private boolean isHeldByAllNeeded(int offset) {
        return rule == AckRule.WEAKER || offset < slowest();
    }

    /** What every one of them has. */
    private int slowest() {
        int slowest = log.size();
        int fastest = acking.size() == 1 ? log.size() : 0;
        for (long member : acking) {
            if (member != broker.brokerId()) {
                slowest = Math.min(slowest, replication.acked(member));
                fastest = Math.max(fastest, replication.acked(member));
            }
        }
        return broker.simulation.mutant().heldByNeeded(slowest, fastest);
    }

    int confirmOffset() {
        if (!broker.isMaster()) {
            return replication.confirmed();
        }
        confirmOffset = Math.max(confirmOffset, rule == AckRule.WEAKER ? log.size() : slowest());
        return confirmOffset;
    }
}
