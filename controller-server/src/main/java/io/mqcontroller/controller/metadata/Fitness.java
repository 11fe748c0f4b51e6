package io.mqcontroller.controller.metadata;

/** Whether a replica says of itself, in its newest heartbeat, that it may be master. */
public enum Fitness {
    FIT,
    /** It has a reason why somebody else should be; it is elected only where nobody else can be. */
    UNFIT,
    /** It has stopped taking writes for good: not elected until it says otherwise. */
    RESIGNED,
    /** It only copies data: never elected, never in the SyncStateSet. */
    LEARNER;

    /** Whether it may win an election at all. */
    public boolean mayBeMaster() {
        return this == FIT || this == UNFIT;
    }
}
