package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.controller.metadata.GroupKey;

/** A broker as the rules see it. */
public interface Broker {
    String name();

    int life();

    GroupKey group();

    /** 0: none yet. */
    long brokerId();

    boolean isLearner();

    /** In this life of its process. */
    boolean hasAgent();

    boolean isMaster();

    boolean isSlave();

    /** Under which it is master or slave. */
    int roleEpoch();

    int logSize();

    /** Whether its log has this message there. */
    boolean holds(int offset, long message);

    /** The message of its log there. */
    long messageAt(int offset);
}
