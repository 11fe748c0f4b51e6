package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import java.io.PrintStream;
import java.util.function.Supplier;

/** What Ctrl-C does in the middle of something: clears away what is half-done, and says what goes on without the command. */
final class OnInterrupt {
    private final PrintStream err;
    private volatile boolean happened;

    OnInterrupt(PrintStream err) {
        this.err = err;
    }

    /** Something that takes its time. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws CallException;
    }

    /**
     * Does something that Ctrl-C ends.
     *
     * @param ending clears away, and tells what is so from then on; runs on a thread of its own, beside the work
     */
    <T> T during(Supplier<String> ending, Work<T> work) throws CallException {
        Thread hook = new Thread(() -> end(ending), "on-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.run();
        } finally {
            forget(hook);
        }
    }

    /** Whether all has been said. */
    boolean happened() {
        return happened;
    }

    private void end(Supplier<String> ending) {
        happened = true;
        err.println("mqctl: interrupted; " + ending.get());
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // Then it says what it has to say.
        }
    }
}
