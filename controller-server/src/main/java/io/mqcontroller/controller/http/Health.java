package io.mqcontroller.controller.http;

import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.transport.EventLoops;
import io.netty.util.concurrent.EventExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The checks behind {@code /livez} and {@code /readyz}. */
public final class Health {
    private static final long EVENT_LOOP_TIMEOUT_MS = 1_000;
    private static final long LEAST_FREE_BYTES = 64L << 20;

    private Health() {}

    /** The threads do their work. Never depends on other controllers, so losing them restarts nobody. */
    public static List<HealthCheck> live(EventLoops loops, BooleanSupplier loopRunning) {
        return List.of(
                new HealthCheck("controller_loop", () -> failure(loopRunning.getAsBoolean(), "the loop has ended")),
                new HealthCheck(
                        "event_loops",
                        () -> failure(turnInTime(loops), "no turn within " + EVENT_LOOP_TIMEOUT_MS + " ms")));
    }

    /**
     * It can serve brokers.
     *
     * @param stopping whether it was told to end
     * @param drained whether it is to be stopped soon
     */
    public static List<HealthCheck> ready(
            List<HealthCheck> live,
            Supplier<RaftStatus> status,
            Supplier<MemberState> member,
            BooleanSupplier stopping,
            BooleanSupplier drained,
            Path store) {
        AtomicBoolean caughtUp = new AtomicBoolean();
        List<HealthCheck> checks = new ArrayList<>(live);
        checks.add(new HealthCheck("not_stopping", () -> failure(!stopping.getAsBoolean(), "it was told to stop")));
        checks.add(new HealthCheck("not_drained", () -> failure(!drained.getAsBoolean(), "it is being drained")));
        checks.add(new HealthCheck("member", () -> whetherMember(member.get())));
        checks.add(new HealthCheck(
                "leader",
                () -> failure(
                        status.get().leader().isPresent(),
                        "no leader is known: is a majority of the controllers up?")));
        checks.add(new HealthCheck("store", () -> whetherWhole(status.get())));
        checks.add(new HealthCheck("caught_up", () -> whetherCaughtUp(status.get(), caughtUp)));
        checks.add(new HealthCheck("disk_space", () -> whetherRoom(store)));
        return checks;
    }

    private static Optional<String> whetherMember(MemberState state) {
        return switch (state) {
            case VOTER, LEARNER -> Optional.empty();
            case FORMING ->
                Optional.of("the store is new, and not enough of the other controllers have answered: are they up?");
            case WAITING_TO_JOIN -> Optional.of("it waits to be added to the cluster");
            case STORE_LOST ->
                Optional.of(
                        "the others know it with another store, which is lost: remove it from the cluster, and add it"
                                + " again under a new id");
            case REMOVED -> Optional.of("it was removed from the cluster");
        };
    }

    private static Optional<String> failure(boolean holds, String otherwise) {
        return holds ? Optional.empty() : Optional.of(otherwise);
    }

    private static Optional<String> whetherWhole(RaftStatus status) {
        return failure(
                !status.health().recovering(),
                "the store was damaged and is being filled from the leader; without a leader, more than half of the"
                        + " controllers are gone or damaged: see the README, \"A damaged store\"");
    }

    /** Once after the start: later it may always be a few entries behind. */
    private static Optional<String> whetherCaughtUp(RaftStatus status, AtomicBoolean caughtUp) {
        if (status.leader().isPresent() && status.appliedIndex() >= status.commitIndex()) {
            caughtUp.set(true);
        }
        return failure(
                caughtUp.get(),
                status.leader().isPresent()
                        ? "applied " + status.appliedIndex() + " of " + status.commitIndex()
                                + " entries since the start"
                        : "no leader has said since the start how far it has to come");
    }

    private static Optional<String> whetherRoom(Path store) {
        long freeBytes = store.toFile().getUsableSpace();
        return failure(
                freeBytes >= LEAST_FREE_BYTES,
                freeBytes + " bytes are left on the disk of " + store + ", " + LEAST_FREE_BYTES + " are the least");
    }

    private static boolean turnInTime(EventLoops loops) {
        List<EventExecutor> executors = new ArrayList<>();
        loops.group().forEach(executors::add);
        CountDownLatch turned = new CountDownLatch(executors.size());
        try {
            executors.forEach(executor -> executor.execute(turned::countDown));
            return turned.await(EVENT_LOOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
