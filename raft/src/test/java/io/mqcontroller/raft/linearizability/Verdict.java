package io.mqcontroller.raft.linearizability;

/**
 * What became of the question whether a history is linearizable.
 *
 * @param explanation for people: how far the search came, and what stood in its way
 */
public record Verdict(Kind kind, String explanation) {
    /** The three possible ends. */
    public enum Kind {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The search took more steps than it was allowed to. */
        UNDECIDED
    }

    static final Verdict LINEARIZABLE = new Verdict(Kind.LINEARIZABLE, "every answer has its place");

    public boolean isLinearizable() {
        return kind == Kind.LINEARIZABLE;
    }
}
