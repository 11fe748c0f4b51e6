package io.mqcontroller.agent.core;

import java.util.Objects;

/**
 * What came of an order to hand over.
 *
 * @param order the newest that has ended; 0: none
 * @param to who is to be elected; 0: nobody in particular
 * @param failed why it was given up, with the reason by name first; empty: it was not
 */
public record HandOverReport(long order, long to, String failed) {
    public static final HandOverReport NONE = new HandOverReport(0, 0, "");

    public HandOverReport {
        Objects.requireNonNull(failed, "failed");
    }
}
