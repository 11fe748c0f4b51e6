package io.mqcontroller.controller.remoting;

import java.util.function.Supplier;

/** A request whose answer is not there yet. Keeps what the answer needs of it, for the frame itself is gone by then. */
final class PendingAnswer {
    private final RemotingConnection connection;
    private final HeaderType headerType;
    private final int requestCode;
    private final int opaque;
    private final boolean oneway;
    private final long startedNanos;
    private Supplier<Answer> answer;

    PendingAnswer(RemotingConnection connection, IncomingFrame frame, long startedNanos) {
        this.connection = connection;
        this.startedNanos = startedNanos;
        headerType = frame.headerType();
        requestCode = frame.code();
        opaque = frame.opaque();
        oneway = frame.isOneway();
    }

    /**
     * Once, on any thread.
     *
     * @param newAnswer makes the answer, on the connection's event loop
     */
    void complete(Supplier<Answer> newAnswer) {
        answer = newAnswer;
        connection.completed(this);
    }

    Answer makeAnswer() {
        return answer.get();
    }

    HeaderType headerType() {
        return headerType;
    }

    int requestCode() {
        return requestCode;
    }

    int opaque() {
        return opaque;
    }

    boolean isOneway() {
        return oneway;
    }

    long startedNanos() {
        return startedNanos;
    }
}
