package io.mqcontroller.raft.core;

/**
 * Names a proposal for good, so that a command that was proposed twice takes effect once (thesis §6.3).
 *
 * @param clientId the proposing client; a client that restarts takes a new one
 * @param sequence grows by one with each new command of the client; a retry of the same command carries the same number
 */
public record ProposalId(long clientId, long sequence) {
    /** The id of entries that nobody proposed, such as a leader's first own entry. */
    public static final ProposalId NONE = new ProposalId(0, 0);
}
