package io.mqcontroller.controller.rpc.agent;

/** A field is missing or makes no sense; the message says which, and what would be right. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
