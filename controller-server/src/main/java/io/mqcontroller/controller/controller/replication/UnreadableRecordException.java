package io.mqcontroller.controller.controller.replication;

/** A replicated record that this version does not know, or that makes no sense. The member must stop: going on would let its state part from the others'. */
public final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnreadableRecordException(String message) {
        super(message);
    }
}
