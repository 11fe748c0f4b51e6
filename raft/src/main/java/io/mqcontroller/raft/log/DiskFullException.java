package io.mqcontroller.raft.log;

import java.io.IOException;

/**
 * There was no room for a write, and nothing of it took effect. Unlike other failures it may be tried again: no sync was
 * under way. The store takes writes again a few seconds after there is room.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
