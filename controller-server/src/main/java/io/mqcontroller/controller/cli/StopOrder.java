package io.mqcontroller.controller.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How each part is stopped: the one that was started last goes first. One thread. */
final class StopOrder {
    private static final Logger LOG = LoggerFactory.getLogger(StopOrder.class);

    private final Deque<Runnable> stops = new ArrayDeque<>();

    void add(Runnable stop) {
        stops.push(stop);
    }

    /** Stops them all, each once; one that fails keeps no other from being stopped. */
    void run() {
        while (!stops.isEmpty()) {
            try {
                stops.pop().run();
            } catch (RuntimeException e) {
                LOG.warn("event=stop_failed", e);
            }
        }
    }
}
