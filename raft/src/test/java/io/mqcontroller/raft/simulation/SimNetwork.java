package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Carries messages between members, late, twice, in another order, or not at all. Members are known by their number. */
final class SimNetwork {
    private final SimClock time;
    private final Chance chance;
    private final boolean[][] cut;
    private final long[][] lastArrivalUs;
    private final FaultPlan.Network drawn;
    private FaultPlan.Network plan;

    SimNetwork(SimClock time, Chance chance, FaultPlan.Network plan, int members) {
        this.time = time;
        this.chance = chance;
        this.drawn = plan;
        this.plan = plan;
        this.cut = new boolean[members][members];
        this.lastArrivalUs = new long[members][members];
    }

    /** @param receiver is handed what arrives of it */
    void send(int from, int to, Message message, Consumer<Message> receiver) {
        carry(from, to, () -> {
            Message carried = maybeDamage(message);
            return () -> receiver.accept(carried);
        });
    }

    /** Brings something else there: {@code arrival} happens once, several times or never. */
    void carry(int from, int to, Runnable arrival) {
        carry(from, to, () -> arrival);
    }

    private void carry(int from, int to, Supplier<Runnable> arrival) {
        if (cut[from][to] || chance.permille(plan.lossPermille())) {
            return;
        }
        deliverLater(from, to, arrival);
        while (chance.permille(plan.duplicatePermille())) {
            deliverLater(from, to, arrival);
        }
    }

    private void deliverLater(int from, int to, Supplier<Runnable> arrival) {
        long arrivalUs = time.nowUs() + chance.between(plan.minDelayUs(), plan.maxDelayUs());
        if (plan.ordered()) {
            arrivalUs = Math.max(arrivalUs, lastArrivalUs[from][to]);
            lastArrivalUs[from][to] = arrivalUs;
        }
        Runnable carried = arrival.get();
        time.after(arrivalUs - time.nowUs(), () -> {
            if (!cut[from][to]) {
                carried.run();
            }
        });
    }

    /** Entries and pieces of snapshots carry checksums of their own, so one that arrives damaged must do no harm. */
    private Message maybeDamage(Message message) {
        if (message instanceof Message.AppendEntries append
                && !append.entries().isEmpty()
                && chance.permille(plan.damagedPermille())) {
            return damaged(append);
        } else if (message instanceof Message.InstallSnapshot install
                && !install.chunk().isEmpty()
                && chance.permille(plan.damagedPermille())) {
            return damaged(install);
        }
        return message;
    }

    private Message damaged(Message.AppendEntries append) {
        List<Entry> entries = new ArrayList<>(append.entries());
        int victim = chance.below(entries.size());
        Entry entry = entries.get(victim);
        ProposalId other =
                new ProposalId(entry.proposal().clientId(), entry.proposal().sequence() ^ 2);
        entries.set(
                victim,
                new Entry(
                        entry.term(),
                        entry.index(),
                        entry.kind(),
                        other,
                        entry.command(),
                        entry.checksum(),
                        entry.chain()));
        return new Message.AppendEntries(
                append.term(),
                append.previous(),
                append.previousChain(),
                entries,
                append.commitIndex(),
                append.round());
    }

    private Message damaged(Message.InstallSnapshot install) {
        byte[] piece = install.chunk().toByteArray();
        piece[chance.below(piece.length)] ^= 4;
        return new Message.InstallSnapshot(
                install.term(),
                install.snapshot(),
                install.offset(),
                Bytes.wrap(piece),
                install.chunkChecksum(),
                install.last(),
                install.round());
    }

    /** What {@code from} sends does not reach {@code to} any more, what is under way included. */
    void cutOneWay(int from, int to) {
        cut[from][to] = from != to;
    }

    void cutBothWays(int one, int other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    void join(int from, int to) {
        cut[from][to] = false;
    }

    void joinAll() {
        for (boolean[] row : cut) {
            java.util.Arrays.fill(row, false);
        }
    }

    /** From now on a good network: nothing is lost, nothing takes long. */
    void heal() {
        joinAll();
        plan = new FaultPlan.Network(0, 0, 0, plan.minDelayUs(), healedDelayUs(drawn), true);
    }

    /** As the seed has drawn it, again. */
    void fallIll() {
        plan = drawn;
    }

    /** As long as anything takes from then on, at most. */
    static long healedDelayUs(FaultPlan.Network plan) {
        return plan.minDelayUs() + 100;
    }
}
