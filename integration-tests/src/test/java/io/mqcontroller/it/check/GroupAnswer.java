package io.mqcontroller.it.check;

import java.util.Optional;
import java.util.SortedSet;

/** What a client is told about one broker group. */
public sealed interface GroupAnswer {
    record NextId(long id) implements GroupAnswer {}

    /** The id is the client's. */
    record Applied() implements GroupAnswer {}

    /** @param setEpoch {@code syncStateSetEpoch} */
    record Roles(Optional<Long> master, int masterEpoch, SortedSet<Long> set, int setEpoch) implements GroupAnswer {}

    /** Nothing was changed, and why. */
    record Refused(Reason reason) implements GroupAnswer {}

    /** Why nothing was changed. */
    enum Reason {
        UNKNOWN_GROUP,
        ID_TAKEN,
        NOT_THE_MASTER,
        STALE_MASTER_EPOCH,
        STALE_SET_EPOCH,
        UNKNOWN_REPLICA,
        /** The proposed SyncStateSet lacks the master. */
        BAD_SET,
        /** Who is alive is no part of the state, and at times nobody knows it. */
        NOT_ALIVE,
        NOT_ELIGIBLE
    }
}
