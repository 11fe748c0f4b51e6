package io.mqcontroller.it.check;

import java.util.SortedSet;

/** What a client asks of the controllers about one broker group. */
public sealed interface GroupRequest {
    String group();

    /** Which id a new replica would get (code 1012). */
    record NextBrokerId(String group) implements GroupRequest {}

    /** A replica takes an id for good (code 1013). */
    record ApplyBrokerId(String group, long id, String checkCode) implements GroupRequest {}

    /** A replica that has an id says where it listens (code 1003); it is not the master. */
    record Register(String group, long id) implements GroupRequest {}

    /** This replica and no other shall be master (code 1002). */
    record Designate(String group, long id) implements GroupRequest {}

    /** The master says who is in sync (code 1001). */
    record Alter(String group, long master, int masterEpoch, SortedSet<Long> newSet, int setEpoch)
            implements GroupRequest {}

    /** Who is master, and who is in sync (code 1006). */
    record Read(String group) implements GroupRequest {}
}
