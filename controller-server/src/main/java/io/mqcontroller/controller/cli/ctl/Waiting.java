package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Units;
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
    private final OnInterrupt onInterrupt;
    private String said = "";

    /** @param terminal whether a person sees what is written to {@code err} */
    Waiting(PrintStream err, boolean terminal, OnInterrupt onInterrupt) {
        this.err = err;
        this.terminal = terminal;
        this.onInterrupt = onInterrupt;
    }

    /** What is waited for. */
    @FunctionalInterface
    interface Step {
        /** Empty when it is done, else how far it is. */
        Optional<String> look() throws CallException;
    }

    /** The same step, for which it is only how far it is that no controller leads for a while, if one did at the first look. */
    static Step patiently(Step step) {
        boolean[] answered = new boolean[1];
        return () -> {
            try {
                Optional<String> left = step.look();
                answered[0] = true;
                return left;
            } catch (CallException e) {
                if (!answered[0] || e.exitCode() != ExitCode.UNAVAILABLE) {
                    throw e;
                }
                return Optional.of(e.getMessage());
            }
        };
    }

    /**
     * Looks again and again until it is done.
     *
     * @param otherwise what goes on if this is interrupted, or given up
     * @throws CallException when time is over
     */
    void until(Step step, Duration atMost, String otherwise) throws CallException {
        onInterrupt.during(() -> otherwise, () -> {
            lookAgainAndAgain(step, atMost, otherwise);
            return true;
        });
    }

    private void lookAgainAndAgain(Step step, Duration atMost, String otherwise) throws CallException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        for (Optional<String> left = step.look(); left.isPresent(); left = step.look()) {
            say(left.get());
            if (System.nanoTime() >= deadlineNanos) {
                throw new CallException(
                        ExitCode.FAILED,
                        "not done within " + Units.duration(atMost.toMillis()) + ": " + left.get() + "; " + otherwise);
            }
            pause(otherwise);
        }
    }

    private static void pause(String otherwise) throws CallException {
        try {
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallException(ExitCode.FAILED, "interrupted; " + otherwise);
        }
    }

    private void say(String progress) {
        if (terminal && !progress.equals(said)) {
            said = progress;
            err.println(progress);
        }
    }
}
