package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerId;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent says of the orders to hand over that it was given.
 *
 * @param known whether it knows how to hand over
 * @param order the newest one that was given up or carried out; 0: none
 * @param to of a master that resigns: this replica has everything that it has, and is to be elected
 * @param failed why that order was given up, beginning with the reason by name; empty: it was not
 */
public record HandOverReport(boolean known, long order, Optional<BrokerId> to, String failed) {
    /** Of an agent that does not know how to. */
    public static final HandOverReport NONE = new HandOverReport(false, 0, Optional.empty(), "");

    public HandOverReport {
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(failed, "failed");
    }
}
