package io.mqcontroller.raft.node;

/**
 * Told once when this member can't go on: a write that failed, a log that is damaged, an error in the core. The node has
 * stopped by then: it votes, acknowledges and answers nothing more, except that waiting proposals end as {@link
 * ProposalResult.Unknown}. The daemon ends the process with a non-zero exit code; trying again in the same process is not
 * safe after a failed sync.
 */
@FunctionalInterface
public interface FaultHandler {
    /** Called on the thread that met the fault. Must not call {@link RaftNode#close}, which waits for that thread. */
    void onFatal(String what, Throwable cause);
}
