package io.mqcontroller.raft.log;

import java.io.IOException;

/** The store holds something other than what was written. */
public class DamagedStoreException extends IOException {
    public DamagedStoreException(String message) {
        super(message);
    }

    public DamagedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
