package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.AgentAction.Note.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the SyncStateSet of a master right: slaves that are behind or gone leave it, slaves that have caught up join it. One
 * change at a time; from before it is asked for until its outcome is known, writes are acknowledged by the union of all sets
 * that may be in force.
 *
 * <p>A slave joins in three steps: it has reached the confirm offset; the broker counts it from then on; it has also reached
 * what the broker held when it began to count it. So nothing was ever acknowledged that it lacks.
 *
 * <p>Nobody joins while this broker is bound by a promise that it gave as slave. The old master may be acknowledging until that is
 * over, which this one waits for, but who is elected after it would not: so until then nobody else can be elected.
 */
final class SyncStateSetKeeper {
    private static final long RETRY_MS = 1_000;

    /** Between two looks at slaves that are about to join. */
    private static final long LOOK_MS = 20;

    private final Memory memory;
    private final Requests requests;
    private final LeaderSearch search;
    private final Promises promises;
    private final SortedMap<Long, SlaveWatch> watches = new TreeMap<>();
    private final List<SortedSet<Long>> inDoubt = new ArrayList<>();
    private SyncStateSet confirmed = Memory.NOTHING_KNOWN.syncStateSet();
    private int epoch = Memory.NO_EPOCH;
    private Joining joining;
    private Change sent;
    private long dueMs = Memory.NEVER;
    private long joinDueMs = Memory.NEVER;
    private long reportedMs;
    private SortedSet<Long> told = new TreeSet<>();

    /** @param markOffset what must be reached; -1 until the broker is known to count them */
    private record Joining(SortedSet<Long> slaves, long markOffset) {}

    /** @param certain no earlier request for the same set is in doubt */
    private record Change(long request, SortedSet<Long> set, boolean certain) {}

    SyncStateSetKeeper(Memory memory, Requests requests, LeaderSearch search, Promises promises) {
        this.memory = memory;
        this.requests = requests;
        this.search = search;
        this.promises = promises;
    }

    SyncStateSet confirmed() {
        return confirmed;
    }

    /** Whether a set other than the confirmed one may be in force. */
    boolean isChanging() {
        return !inDoubt.isEmpty();
    }

    /** Whose confirmation counts. */
    SortedSet<Long> acking() {
        List<SortedSet<Long>> possible = new ArrayList<>(inDoubt);
        if (joining != null) {
            possible.add(joining.slaves);
        }
        return memory.rules.acking(confirmed.members(), possible);
    }

    /** The broker is master under a new epoch. */
    void start() {
        epoch = memory.roleEpoch;
        watches.clear();
        inDoubt.clear();
        joining = null;
        sent = null;
        dueMs = Memory.NEVER;
        joinDueMs = Memory.NEVER;
        reportedMs = memory.nowMs;
        confirmed = memory.view.syncStateSet();
        told = new TreeSet<>();
        tell();
    }

    private boolean isAtWork() {
        return memory.isMaster() && epoch == memory.roleEpoch;
    }

    /** A leader has told the set as it is. One with a higher epoch settles whatever was in doubt. */
    void onView() {
        SyncStateSet recorded = memory.view.syncStateSet();
        if (!isAtWork() || memory.view.masterEpoch() != epoch || recorded.epoch() <= confirmed.epoch()) {
            return;
        }
        confirmed = recorded;
        inDoubt.clear();
        joining = null;
        sent = null;
        memory.actions.note(Kind.SYNC_STATE_SET, confirmed.toString());
        tell();
    }

    private void tell() {
        SortedSet<Long> acking = acking();
        told = acking;
        memory.actions.add(new AgentAction.UseSyncStateSet(epoch, confirmed, acking));
    }

    private void tellIfChanged() {
        if (!acking().equals(told)) {
            tell();
        }
    }

    long dueMs() {
        if (!isAtWork() || memory.stopping || sent != null || !search.isWithLeader()) {
            return Long.MAX_VALUE;
        }
        long earliestMs = joining == null ? Long.MAX_VALUE : Memory.NEVER;
        long askMs = inDoubt.isEmpty() ? Long.MAX_VALUE : dueMs;
        for (long member : confirmed.members()) {
            SlaveWatch watch = watches.get(member);
            if (member != memory.brokerId && watch != null) {
                askMs = Math.min(askMs, Math.max(dueMs, watch.leaveDueMs(memory.settings)));
            }
        }
        return Math.max(Math.min(earliestMs, askMs), reportedMs + LOOK_MS);
    }

    /** Only with a report that was made after the last step. */
    void onReport() {
        if (!isAtWork() || memory.stopping) {
            return;
        }
        reportedMs = memory.nowMs;
        observeSlaves();
        if (sent == null) {
            SortedSet<Long> leaving = leaving();
            if (!leaving.isEmpty() && joining != null) {
                joining = null;
            }
            if (inDoubt.isEmpty() && leaving.isEmpty()) {
                join();
            } else if (search.isWithLeader() && memory.nowMs >= dueMs) {
                propose(leaving);
            }
        }
        tellIfChanged();
    }

    private void observeSlaves() {
        BrokerReport report = memory.report;
        SortedSet<Long> present = new TreeSet<>();
        for (SlaveProgress slave : report.slaves()) {
            present.add(slave.brokerId());
            watch(slave.brokerId()).observe(slave, report.maxOffset(), memory.nowMs);
        }
        for (long member : confirmed.members()) {
            if (member != memory.brokerId && !present.contains(member)) {
                watch(member).absent(memory.nowMs);
            }
        }
    }

    private SlaveWatch watch(long slave) {
        return watches.computeIfAbsent(slave, id -> new SlaveWatch(memory.nowMs, memory.report.maxOffset()));
    }

    /** How long the slave has been behind, for people. */
    long behindMs(long slave) {
        SlaveWatch watch = watches.get(slave);
        return watch == null ? 0 : watch.behindMs(memory.nowMs);
    }

    private SortedSet<Long> leaving() {
        if (!memory.report.unfit().isEmpty()) {
            // It may be its own store that they can't copy from, and only who is in the set can take its place.
            return new TreeSet<>();
        }
        SortedSet<Long> leaving = new TreeSet<>(confirmed.members());
        leaving.remove(memory.brokerId);
        leaving.removeIf(id -> memory.nowMs < watch(id).leaveDueMs(memory.settings));
        return leaving;
    }

    /** Without those that leave; if nobody does, what is in doubt is asked for again until it is settled. */
    private void propose(SortedSet<Long> leaving) {
        SortedSet<Long> wanted = new TreeSet<>(confirmed.members());
        wanted.removeAll(leaving);
        ask(wanted.equals(confirmed.members()) ? inDoubt.get(inDoubt.size() - 1) : wanted);
    }

    private void join() {
        if (joining == null) {
            SortedSet<Long> ready = reached(memory.report.confirmOffset());
            ready.removeAll(confirmed.members());
            if (!ready.isEmpty() && mayAdmit()) {
                joining = new Joining(ready, -1);
            }
            return;
        }
        if (joining.markOffset < 0) {
            joining = new Joining(joining.slaves, memory.report.maxOffset());
        }
        SortedSet<Long> ready = reached(joining.markOffset);
        if (ready.containsAll(joining.slaves) && search.isWithLeader()) {
            SortedSet<Long> wanted = new TreeSet<>(confirmed.members());
            wanted.addAll(joining.slaves);
            joining = null;
            ask(wanted);
        } else if (joining.slaves.stream()
                .anyMatch(id -> memory.nowMs >= watch(id).leaveDueMs(memory.settings))) {
            joining = null;
            joinDueMs = memory.nowMs + RETRY_MS;
        }
    }

    private boolean mayAdmit() {
        return memory.nowMs >= joinDueMs
                && search.isWithLeader()
                && memory.rules.admits(memory.nowMs < promises.untilMs());
    }

    private SortedSet<Long> reached(long offset) {
        SortedSet<Long> reached = new TreeSet<>();
        for (SlaveProgress slave : memory.report.slaves()) {
            boolean inThisEpoch = slave.ackOffset() >= memory.report.epochStartOffset();
            if (slave.connected()
                    && !slave.learner()
                    && inThisEpoch
                    && memory.rules.hasCaughtUp(slave.ackOffset(), offset)) {
                reached.add(slave.brokerId());
            }
        }
        return reached;
    }

    private void ask(SortedSet<Long> wanted) {
        boolean certain = !inDoubt.contains(wanted);
        if (certain) {
            inDoubt.add(wanted);
        }
        Requests.Sent request = requests.ask(
                new ControllerRequest.AlterSyncStateSet(memory.brokerId, epoch, wanted, confirmed.epoch()));
        sent = new Change(request.number(), wanted, certain);
        memory.actions.note(Kind.SYNC_STATE_SET, "asks for " + wanted + " instead of " + confirmed);
    }

    /** The answer itself was a view; if that did not settle the matter, the answer was an old one. */
    void onAltered(long request) {
        if (sent != null && sent.request == request) {
            sent = null;
            dueMs = memory.nowMs + RETRY_MS;
        }
    }

    /** Nothing was changed by this request. An earlier one for the same set may still have its effect. */
    void onRefused(long request, ControllerAnswer.NotDone answer) {
        if (sent == null || sent.request != request) {
            return;
        }
        Change refused = sent;
        sent = null;
        if (refused.certain) {
            inDoubt.remove(refused.set);
        }
        boolean soon = answer.reason() == ControllerAnswer.Reason.NOT_LEADER;
        boolean later = refused.certain && !soon && answer.reason() != ControllerAnswer.Reason.OVERLOADED;
        dueMs = soon ? Memory.NEVER : memory.nowMs + RETRY_MS;
        joinDueMs = later ? memory.nowMs + memory.settings.checkSyncStateSetPeriodMs() : dueMs;
        if (!soon) {
            memory.actions.note(Kind.SYNC_STATE_SET, refused.set + " is refused: " + answer.message());
        }
        tellIfChanged();
    }

    /** Nobody knows whether it had an effect: the union stays. */
    void onUnknown(long request) {
        if (sent != null && sent.request == request) {
            sent = null;
            dueMs = memory.nowMs + LOOK_MS;
        }
    }

    /** Whether another member of the set, or nobody, has all that this broker has; asked when it takes no writes any more. */
    boolean somebodyElseHasAll() {
        SortedSet<Long> others = new TreeSet<>(confirmed.members());
        others.remove(memory.brokerId);
        return others.isEmpty() || reached(memory.report.maxOffset()).stream().anyMatch(others::contains);
    }
}
