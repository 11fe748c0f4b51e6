package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits for something that takes its time, tells a person how far it is, and, if it is interrupted by Ctrl-C, what goes on
 * without it.
 */
final class Waiting {
    private static final long INTERVAL_MS = 250;

    private final PrintStream err;
    private final boolean terminal;
    private String said = "";

    /** @param terminal whether a person sees what is written */
    Waiting(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** What is waited for. */
    @FunctionalInterface
    interface Step {
        /** Empty when it is done, else how far it is. */
        Optional<String> look() throws CallException;
    }

    /**
     * Looks again and again until it is done.
     *
     * @param otherwise what goes on if this is interrupted, or given up
     * @throws CallException when time is over
     */
    void until(Step step, Duration atMost, String otherwise) throws CallException {
        Thread onInterrupt = new Thread(() -> err.println("mqctl: interrupted; " + otherwise), "on-interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            long deadlineNanos = System.nanoTime() + atMost.toNanos();
            for (Optional<String> left = step.look(); left.isPresent(); left = step.look()) {
                say(left.get());
                if (System.nanoTime() >= deadlineNanos) {
                    throw new CallException(
                            ExitCode.FAILED,
                            "not done within " + atMost.toMillis() + " ms: " + left.get() + "; " + otherwise);
                }
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallException(ExitCode.FAILED, "interrupted; " + otherwise);
        } finally {
            forget(onInterrupt);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // Then it says what it has to say.
        }
    }

    private void say(String progress) {
        if (terminal && !progress.equals(said)) {
            said = progress;
            err.println(progress);
        }
    }
}
