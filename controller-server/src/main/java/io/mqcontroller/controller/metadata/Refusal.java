package io.mqcontroller.controller.metadata;

/** Why a request was refused; each protocol has its own number for it. Nothing was changed. */
public enum Refusal {
    /** A field is missing or makes no sense. */
    BAD_REQUEST,
    UNKNOWN_GROUP,
    /** The name stands for groups of several clusters, and the request does not say which. */
    AMBIGUOUS_GROUP,
    UNKNOWN_REPLICA,
    /** The id belongs to somebody else, or cannot be handed out. */
    BROKER_ID_TAKEN,
    NOT_THE_MASTER,
    STALE_MASTER_EPOCH,
    STALE_SYNC_STATE_SET_EPOCH,
    REPLICA_NOT_ALIVE,
    /** The proposed SyncStateSet makes no sense, for instance it lacks the master. */
    BAD_SYNC_STATE_SET,
    /** An election found nobody, or not the one who was asked for. */
    NO_ELIGIBLE_REPLICA,
    CLEAN_REFUSED,
    /** A planned switch-over can't be, or was given up; the master stays. The message begins with the reason by name. */
    SWITCH_OVER_REFUSED,
    OVERLOADED
}
