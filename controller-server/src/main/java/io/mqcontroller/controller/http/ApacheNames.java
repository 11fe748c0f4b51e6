package io.mqcontroller.controller.http;

import io.mqcontroller.controller.metadata.GroupKey;

/** Told what Apache's controller has metrics of, beside ours. Called on the threads of those who observe; must return at once. */
public interface ApacheNames {
    /** Shows nothing. */
    ApacheNames NONE = new ApacheNames() {};

    /** A request over RocketMQ's protocol is done with. */
    default void onRequest(int requestCode, int responseCode, long elapsedNanos) {}

    /** An election ended, with a new master or with none. */
    default void onElection(GroupKey group, boolean found) {}

    /** A proposal was committed and applied. */
    default void onCommitted(long elapsedNanos) {}

    /**
     * A proposal was not committed.
     *
     * @param unknown nobody knows, or will only later
     */
    default void onNotCommitted(boolean unknown) {}
}
