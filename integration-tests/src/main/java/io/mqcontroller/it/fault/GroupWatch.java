package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.history.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks again and again who is master and keeps every change. */
public final class GroupWatch implements AutoCloseable {
    private static final long PERIOD_MS = 50;

    private final Supplier<Optional<GroupView>> group;
    private final List<Seen> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean running = true;

    /** Begins at once. */
    public GroupWatch(Supplier<Optional<GroupView>> group) {
        this.group = group;
        thread = new Thread(this::watch, "group-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** All changes so far. */
    public List<Seen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (running) {
            try {
                group.get().ifPresent(this::keep);
                Thread.sleep(PERIOD_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void keep(GroupView view) {
        synchronized (seen) {
            Seen last = seen.isEmpty() ? null : seen.get(seen.size() - 1);
            if (last == null
                    || last.masterEpoch() != view.masterEpoch()
                    || !last.master().equals(view.master())) {
                seen.add(new Seen(System.currentTimeMillis(), view.masterEpoch(), view.master()));
            }
        }
    }
}
