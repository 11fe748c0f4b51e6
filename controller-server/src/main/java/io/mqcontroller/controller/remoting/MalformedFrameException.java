package io.mqcontroller.controller.remoting;

/** What came is not a frame, so nothing after it can be trusted either: the connection is closed. */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ClosedBecause reason;

    /** Without a stack trace: it is made as often as strangers like, and only {@code reason} and message are shown. */
    MalformedFrameException(ClosedBecause reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    ClosedBecause reason() {
        return reason;
    }
}
