package io.mqcontroller.raft.log;

import java.io.IOException;

/** The store is sound, but another cluster's, member's or version's: a mistake of whoever starts this one, and no damage. */
public final class ForeignStoreException extends IOException {
    private static final long serialVersionUID = 1;

    public ForeignStoreException(String message) {
        super(message);
    }
}
