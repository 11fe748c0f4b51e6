package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.StatusCode;

/** Told what happens on connections of agents and tools, for metrics. Called on event loops: implementations count and return. */
public interface AgentObserver {
    /** Counts nothing. */
    AgentObserver NONE = new AgentObserver() {};

    /** Why this side closed a connection. */
    enum Cut {
        /** No frame, or a frame whose payload cannot be read. */
        BAD_FRAME,
        /** Nobody said hello in time, or said something else first. */
        NO_HELLO,
        /** The hello was for another cluster or version. */
        REFUSED_HELLO,
        /** Nothing came for too long. */
        IDLE,
        /** It does not take what it is sent. */
        SLOW_READER
    }

    default void onConnectionOpened() {}

    default void onConnectionClosed() {}

    default void onConnectionCut(Cut reason) {}

    /** Reading stopped because answers are not taken, or too many requests wait for theirs. */
    default void onReadingPaused() {}

    /** A request is done with. */
    default void onRequest(ClientFrame.KindCase kind, StatusCode code, long elapsedNanos) {}

    /** News of a group went to an agent, or could not: its connection was gone. */
    default void onPush(boolean sent) {}
}
