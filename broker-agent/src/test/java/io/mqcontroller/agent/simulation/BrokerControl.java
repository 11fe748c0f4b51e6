package io.mqcontroller.agent.simulation;

/** What decides on a broker's part in its group, in one life of its process. */
interface BrokerControl {
    void begin();

    /** Something about the broker or its slaves has changed. */
    void look();

    /** The process is asked to end. */
    void stop();

    /** Whether a message may be taken in now. */
    boolean takesWrites();

    /** Whether a message that was taken in may be acknowledged now. */
    boolean allowsWrites();
}
