package io.mqcontroller.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** So many threads, each doing one operation after the other for a while. */
final class Callers {
    private Callers() {}

    /** One operation of one caller. */
    interface Operation {
        void run(int caller) throws Exception;
    }

    /** @param cpuMsPerOp of all controllers together */
    record Result(long done, long failed, double perSecond, double p50Ms, double p99Ms, double cpuMsPerOp) {}

    /** Runs for so many seconds, or until so many operations are done. */
    static Result run(Target target, int callers, double seconds, long atMost, Operation operation) {
        Histogram latencies = new ConcurrentHistogram(60_000_000_000L, 3);
        AtomicLong started = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        AtomicReference<Throwable> firstFailure = new AtomicReference<>();
        long cpuBeforeMs = target.cpuMs();
        long startNanos = System.nanoTime();
        long endNanos = startNanos + (long) (seconds * 1e9);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < endNanos && started.getAndIncrement() < atMost) {
                    long beganNanos = System.nanoTime();
                    try {
                        operation.run(caller);
                        latencies.recordValue(System.nanoTime() - beganNanos);
                    } catch (Exception e) {
                        failed.incrementAndGet();
                        firstFailure.compareAndSet(null, e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        join(threads);
        double elapsed = (System.nanoTime() - startNanos) / 1e9;
        if (firstFailure.get() != null) {
            System.err.println(target.kind() + ": " + failed + " failed, the first with " + firstFailure.get());
        }
        long done = latencies.getTotalCount();
        return new Result(
                done,
                failed.get(),
                done / elapsed,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                done == 0 ? 0 : (double) (target.cpuMs() - cpuBeforeMs) / done);
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
