package io.mqcontroller.controller.remoting;

/** The frame is sound, but what it asks makes no sense: it gets a coded answer, and nobody else hears of it. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: only the message is ever shown. */
    public BadRequestException(String message) {
        super(message, null, false, false);
    }
}
