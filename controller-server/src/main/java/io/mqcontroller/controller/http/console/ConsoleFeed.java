package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.http.HttpStream.Outlet;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.GroupKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the page shows, and the changes of it as they happen. While nobody watches it only takes a sample for the charts now and then.
 * All but the methods that say otherwise run on the console's thread.
 */
final class ConsoleFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleFeed.class);
    private static final long TICK_MS = 1_000;
    private static final long LEAST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final int PAUSES_PER_LOOK = 20;
    private static final int TICKS_BETWEEN_SAMPLES = 2;
    private static final int TICKS_BETWEEN_CHECKS = 5;
    private static final int MAX_SAMPLES = 900;
    private static final int MAX_EVENTS = 200;
    private static final int MAX_WAITING_FOR_STATE = 64;

    /** More changes at once are cheaper to fetch as a whole, compressed. */
    private static final int MAX_ROWS_PER_FRAME = 500;

    private static final int MAX_WATCHERS = 64;

    private final ConsoleSources sources;
    private final ScheduledExecutorService thread;
    private final Frames frames = new Frames(UUID.randomUUID().toString().substring(0, 8));
    private final NodesWatch nodes;
    private final List<Outlet> watchers = new ArrayList<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<EventHistory.Seen> events = new ArrayDeque<>();
    private final AtomicInteger waitingForState = new AtomicInteger();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private SortedMap<GroupKey, GroupRow> rows = new TreeMap<>();
    private String nodesText = "";
    private long eventsSeen;
    private volatile int watcherCount;
    private boolean looking;
    private long lookedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MS);
    private volatile long pauseMs = LEAST_PAUSE_MS;
    private boolean lookAgain;
    private long ticks;
    private Optional<StateText> lastState = Optional.empty();

    ConsoleFeed(ConsoleSources sources, ScheduledExecutorService thread) {
        this.sources = sources;
        this.thread = thread;
        nodes = new NodesWatch(sources);
    }

    /** Begins. Any thread, once. */
    void start() {
        sources.history().whenAdded(this::lookSoon);
        thread.scheduleAtFixedRate(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Any thread; fails if too many wait already. */
    CompletionStage<StateText> state() {
        CompletableFuture<StateText> state = new CompletableFuture<>();
        if (waitingForState.incrementAndGet() > MAX_WAITING_FOR_STATE) {
            waitingForState.decrementAndGet();
            state.completeExceptionally(new RejectedExecutionException("too many wait for the state already"));
            return state;
        }
        state.whenComplete((text, failure) -> waitingForState.decrementAndGet());
        try {
            thread.execute(() -> answer(state));
        } catch (RejectedExecutionException stopping) {
            state.completeExceptionally(stopping);
        }
        return state;
    }

    private void answer(CompletableFuture<StateText> state) {
        if (looked()) {
            complete(state);
            return;
        }
        survey().whenComplete((done, failure) -> {
            if (failure == null) {
                complete(state);
            } else {
                state.completeExceptionally(failure);
            }
        });
    }

    /** Whether the last look is too near for another one. */
    private boolean looked() {
        return System.nanoTime() - lookedNanos < TimeUnit.MILLISECONDS.toNanos(pauseMs);
    }

    private void complete(CompletableFuture<StateText> state) {
        try {
            state.complete(currentState());
        } catch (RuntimeException e) {
            state.completeExceptionally(e);
        }
    }

    /**
     * Asks the loop, and takes in what it says. The pause after it is many times as long as that took: the loop has more important
     * things to do, most of all when much happens.
     */
    private CompletionStage<Void> survey() {
        long beganNanos = System.nanoTime();
        return sources.survey()
                .get()
                .thenAcceptAsync(
                        survey -> {
                            lookedNanos = System.nanoTime();
                            long tookMs = TimeUnit.NANOSECONDS.toMillis(lookedNanos - beganNanos);
                            pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, PAUSES_PER_LOOK * tookMs));
                            takeIn(survey);
                        },
                        thread);
    }

    /** Sends what came after {@code cursor}, and goes on. Any thread. */
    void watch(String cursor, Outlet outlet) {
        thread.execute(() -> {
            Optional<List<byte[]>> missed = frames.after(cursor);
            // A second is what a browser may wait before it comes back; some wait much longer on their own.
            outlet.send("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
            if (missed.isPresent()) {
                missed.get().forEach(outlet::send);
            } else {
                outlet.send(Frames.frame(frames.cursor(), "reset", "{}"));
            }
            watchers.add(outlet);
            watcherCount = watchers.size();
            lookSoon();
        });
    }

    /** Whether nobody else should come to watch. Any thread. */
    boolean isFull() {
        return watcherCount >= MAX_WATCHERS;
    }

    private void tick() {
        try {
            ticks++;
            nodes.look(System.nanoTime());
            if (ticks % TICKS_BETWEEN_SAMPLES == 0) {
                sample();
            }
            if (!watchers.isEmpty()) {
                if (ticks % TICKS_BETWEEN_CHECKS == 0) {
                    nodes.check();
                }
                if (!looked()) {
                    look();
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("event=console_failed", e);
        }
    }

    /** Something has happened: does not wait for the next tick, but for what comes together with it. Any thread. */
    private void lookSoon() {
        if (lookDue.compareAndSet(false, true)) {
            try {
                thread.schedule(
                        () -> {
                            lookDue.set(false);
                            if (!watchers.isEmpty()) {
                                look();
                            }
                        },
                        pauseMs,
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("event=console_stopped");
            }
        }
    }

    private void look() {
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        survey().whenComplete((done, failure) -> {
            looking = false;
            if (lookAgain) {
                lookAgain = false;
                lookSoon();
            }
        });
    }

    private void sample() {
        Sample sample = Sample.of(sources.view().get(), System.currentTimeMillis());
        if (samples.size() == MAX_SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(sample);
        // Also what tells a connection that is gone from one on which nothing happens.
        send("sample", ConsoleJson.text(json -> RowJson.write(json, sample)));
    }

    /** Finds out what is different, and sends it: groups first, so that an event finds the group as it is after it. */
    private void takeIn(Survey survey) {
        SortedMap<GroupKey, GroupRow> now = new TreeMap<>();
        List<GroupRow> changed = new ArrayList<>();
        survey.metadata().groups().forEach((key, group) -> {
            GroupRow before = rows.get(key);
            GroupRow row = rowOf(group, survey, before);
            now.put(key, row);
            if (row != before) {
                changed.add(row);
            }
        });
        List<GroupKey> removed =
                rows.keySet().stream().filter(key -> !now.containsKey(key)).toList();
        rows = now;
        if (changed.size() + removed.size() > MAX_ROWS_PER_FRAME) {
            frames.clear();
            send("reset", "{}");
        } else if (!changed.isEmpty() || !removed.isEmpty()) {
            send("groups", StateText.ofChange(changed, removed));
        }
        takeInEvents();
        String nodesNow = nodes.text(System.nanoTime());
        if (!nodesNow.equals(nodesText)) {
            nodesText = nodesNow;
            send("nodes", nodesText);
        }
    }

    private static GroupRow rowOf(BrokerGroup group, Survey survey, GroupRow before) {
        GroupRow row = GroupRow.of(group, survey);
        return row.showsTheSameAs(before) ? before : row;
    }

    private void takeInEvents() {
        EventHistory.Newest newest = sources.history().after(eventsSeen, MAX_EVENTS);
        eventsSeen = newest.count();
        for (EventHistory.Seen seen : newest.events()) {
            events.addLast(seen);
            if (events.size() > MAX_EVENTS) {
                events.removeFirst();
            }
            send("history", ConsoleJson.text(json -> RowJson.write(json, seen)));
        }
    }

    private void send(String event, String json) {
        byte[] frame = frames.add(event, json);
        watchers.removeIf(outlet -> !outlet.send(frame));
        watcherCount = watchers.size();
    }

    private StateText currentState() {
        String cursor = frames.cursor();
        if (lastState.isEmpty() || !lastState.get().cursor().equals(cursor)) {
            lastState = Optional.of(StateText.of(cursor, nodesText, rows.values(), events, samples));
        }
        return lastState.get();
    }
}
