package io.mqcontroller.raft.core;

/** Why a change of the members was not begun. */
public enum MembershipRejection {
    NOT_LEADER,
    /**
     * The leader has not committed an entry of its own term yet, so it may not know the newest configuration; or too few of those
     * who would vote then have answered it yet. Try again soon.
     */
    NOT_READY,
    /** The leader is handing leadership on. */
    TRANSFERRING,
    /** Another change is not done yet. */
    CHANGE_UNDER_WAY,
    /** The learner does not hold nearly all of the log yet, or was not heard of for an election timeout. */
    NOT_CAUGHT_UP,
    /** It is a member already. */
    ALREADY_MEMBER,
    /** It is a voter already. */
    ALREADY_VOTER,
    /** Its id belonged to a member that was removed: what comes back takes a new one. */
    ID_WAS_USED,
    UNKNOWN_MEMBER,
    /** It learns and does not vote. */
    NOT_A_VOTER,
    /** A cluster without a voter could never do anything again. */
    LAST_VOTER,
    /** Of those who would vote then no majority answers and has a sound store: the change might never be committed. */
    MAJORITY_AT_RISK
}
