package io.mqcontroller.controller.controller.service;

/** Why an agent that calls itself master gets no lease. */
public enum LeaseRefusal {
    /** Somebody else, or nobody, is master. */
    NOT_THE_MASTER,
    /** It is master, but under another epoch than it says. */
    OTHER_EPOCH,
    /** It knows of a newer epoch than the controllers do: they have lost what they knew. */
    NEWER_EPOCH_KNOWN,
    /** It has not registered as one with an agent, so a new leader would not wait for its lease. */
    NO_AGENT,
    /** It gave the lease of this epoch back. */
    RESIGNED,
    /** A learner is no master. */
    LEARNER,
    /** It restarted; it must not go on under this epoch. */
    RESTARTED,
    /** Somebody else is to be elected and waits for the lease to run out. */
    BEING_REPLACED
}
