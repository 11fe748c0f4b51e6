package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.history.Send;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One failover from the fault to the day it is healed, with the time of each stage. All times are milliseconds after the
 * fault, except the last, which counts from the healing.
 */
public final class Failover {
    private static final long POLL_MS = 10;

    private final TestCluster cluster;
    private final MasterFault fault;
    private final Broker oldMaster;
    private final GroupView before;
    private final long oldId;
    private long struckAtMs;
    /** From here on the old master acknowledges nothing. */
    private long faultDoneAtMs;

    private long noticedMs = -1;
    private long electedMs = -1;
    private long writableMs = -1;
    private long backInSetMs = -1;

    public Failover(TestCluster cluster, MasterFault fault) {
        this.cluster = cluster;
        this.fault = fault;
        before = cluster.awaitAllInSync();
        oldId = before.master().orElseThrow();
        oldMaster = cluster.broker(oldId);
    }

    public Broker oldMaster() {
        return oldMaster;
    }

    /** The group as it was before the fault. */
    public GroupView before() {
        return before;
    }

    /** Wall-clock time of the fault. */
    public long struckAtMs() {
        return struckAtMs;
    }

    /** From the fault until the controllers no longer took the old master for alive, as far as polling can tell. */
    public long noticedMs() {
        return noticedMs;
    }

    /** From the fault until another replica was master. */
    public long electedMs() {
        return electedMs;
    }

    /** From the fault until a message sent after it was acknowledged. */
    public long writableMs() {
        return writableMs;
    }

    /** From the healing until the old master was a slave in the SyncStateSet. */
    public long backInSetMs() {
        return backInSetMs;
    }

    /** Does whatever else shall happen at the same time and, right after it, the fault. */
    public void strike(Runnable also) {
        also.run();
        struckAtMs = System.currentTimeMillis();
        fault.strike(oldMaster);
        faultDoneAtMs = System.currentTimeMillis();
    }

    /** Watches the controllers until another replica is master; its view. */
    public GroupView awaitElection(long withinSeconds) {
        long deadlineMs = struckAtMs + withinSeconds * 1_000;
        ControllerClient client = null;
        try {
            while (System.currentTimeMillis() < deadlineMs) {
                try {
                    if (client == null) {
                        client = connectToLeader();
                    }
                    Optional<GroupView> view = client == null ? Optional.empty() : client.group(TestCluster.GROUP);
                    if (view.isEmpty() && client != null) {
                        client.close();
                        client = null;
                    }
                    if (view.isPresent() && observe(view.get())) {
                        return view.get();
                    }
                } catch (IOException leaderGone) {
                    client.close();
                    client = null;
                }
                pause();
            }
        } finally {
            if (client != null) {
                client.close();
            }
        }
        throw new AssertionError("no other master within " + withinSeconds + " s\n" + cluster.describe());
    }

    /** Waits for the first message acknowledged that was begun after the fault. */
    public Send awaitWritable(Supplier<List<Send>> sends, long withinSeconds) {
        Send first = cluster.await(
                        "a message is acknowledged after the fault",
                        withinSeconds,
                        () -> firstAcknowledged(sends),
                        Optional::isPresent)
                .orElseThrow();
        writableMs = first.endMs() - struckAtMs;
        return first;
    }

    /** Ends the fault and waits until the old master is a slave in the SyncStateSet. */
    public GroupView heal(long withinSeconds) {
        long healedAtMs = System.currentTimeMillis();
        fault.heal(oldMaster);
        GroupView view = cluster.awaitGroup(
                "the old master is back in the SyncStateSet",
                withinSeconds,
                now -> !now.isMaster(oldId)
                        && now.inSync().contains(oldId)
                        && now.alive().contains(oldId));
        backInSetMs = System.currentTimeMillis() - healedAtMs;
        return view;
    }

    /** One line with all stages. */
    public void report(String title) {
        Report.line(
                "%s, master %s: noticed %d ms, elected %d ms, first write acknowledged %d ms, back in the SyncStateSet %d ms after healing"
                        .formatted(title, fault.label(), noticedMs, electedMs, writableMs, backInSetMs));
    }

    private boolean observe(GroupView view) {
        long sinceMs = System.currentTimeMillis() - struckAtMs;
        boolean elected = view.master().isPresent() && !view.isMaster(oldId);
        if (noticedMs < 0
                && (elected || view.master().isEmpty() || !view.alive().contains(oldId))) {
            noticedMs = sinceMs;
        }
        if (elected) {
            electedMs = sinceMs;
        }
        return elected;
    }

    private ControllerClient connectToLeader() throws IOException {
        Optional<ControllerNode> leader = cluster.controllers().leader();
        return leader.isEmpty() ? null : new ControllerClient(leader.get().address());
    }

    private Optional<Send> firstAcknowledged(Supplier<List<Send>> sends) {
        return sends.get().stream()
                .filter(send -> send.isAcknowledged() && send.startMs() > faultDoneAtMs)
                .findFirst();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
