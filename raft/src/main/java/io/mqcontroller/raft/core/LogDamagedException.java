package io.mqcontroller.raft.core;

/**
 * This member's log contradicts what it or the cluster has promised before: something that was durable has been lost or
 * changed. The member must stop at once and answer nothing more; going on could undo what was acknowledged.
 */
public final class LogDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogDamagedException(String message) {
        super(message);
    }
}
