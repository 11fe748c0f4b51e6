package io.mqcontroller.raft.log;

import java.io.IOException;

/** A store on a disk of its own: it knows which one it is, and which ones the other members came with. */
public interface NumberedStore extends LogStore {
    /** What the store was made with, see {@link io.mqcontroller.raft.core.RecoveredState}. */
    long incarnation();

    /** The number of this store and those of the others; of use until {@link #close}, or until the store is replaced. */
    KnownStores knownStores();

    /**
     * The members of the cluster at its first start, in the caller's words: those that were remembered first, or now. So they
     * hold until the log says something else, whatever a later start is told.
     */
    String rememberFirstMembers(String told) throws IOException;
}
