package io.mqcontroller.benchmark;

import java.util.concurrent.atomic.AtomicInteger;

/** All three controllers are killed and started again over 10,000 groups. */
final class Restart {
    private static final int GROUPS = 10_000;
    private static final double REGISTER_AT_MOST_S = 60;

    private Restart() {}

    static void measure(Target target, BrokerCalls calls, Measurements measurements) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callers.Result registered = Callers.run(
                target,
                64,
                REGISTER_AT_MOST_S,
                GROUPS,
                caller -> calls.registerGroup(caller, "many-" + next.incrementAndGet()));
        measurements.add("restart: groups registered within 60 s", true, target.kind(), registered.done());
        measurements.add(
                "restart: resident memory of three before it, MiB", false, target.kind(), target.residentMiB());
        target.killAll();
        long startNanos = System.nanoTime();
        target.startAll();
        target.awaitKnown("many-1");
        measurements.add(
                "restart: all three killed to first answer, ms",
                false,
                target.kind(),
                (System.nanoTime() - startNanos) / 1e6);
    }
}
