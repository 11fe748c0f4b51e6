package io.mqcontroller.controller.remoting;

/** Told what happens, for metrics. Called on event loops, often: implementations count and return. */
public interface RemotingObserver {
    /** Counts nothing. */
    RemotingObserver NONE = new RemotingObserver() {};

    /**
     * A request is done with.
     *
     * @param requestCode one of {@link RequestCode}, {@link RequestCode#UNKNOWN} for any other number
     * @param responseCode what was answered, or would have been if the request wanted an answer
     * @param elapsedNanos from the request in full to its answer on the way
     */
    default void onRequest(int requestCode, int responseCode, long elapsedNanos) {}

    /** A connection has spoken RocketMQ's protocol. */
    default void onConnectionOpened() {}

    default void onConnectionClosed() {}

    /** This side closed a connection. */
    default void onConnectionCut(ClosedBecause reason) {}

    /** Reading from a connection stopped because its answers are not taken, or the controller has too much to do. */
    default void onReadingPaused() {}

    /** A broker was told of its role (code 1008), as far as this side can know, or could not be reached. */
    default void onNotification(boolean sent) {}
}
