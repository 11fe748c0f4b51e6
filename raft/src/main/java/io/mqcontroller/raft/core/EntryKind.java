package io.mqcontroller.raft.core;

/** What an entry is for. The code is what is written to disk and wire: it is never reused for another kind. */
public enum EntryKind {
    /**
     * Nothing for the state machine. A new leader's first own entry: its commit commits everything before it (§5.4.2, §8).
     * Later ones show a member that lost its store how far it has to come, see {@link Recovery}.
     */
    LEADER_START(1),
    /** A command of the state machine. */
    COMMAND(2),
    /** Another {@link Configuration} of the cluster: in force as soon as it stands in the log (§6). */
    CONFIGURATION(3);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static boolean isKnown(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return true;
            }
        }
        return false;
    }

    /**
     * The kind with this code.
     *
     * @throws IllegalArgumentException if this version knows no such kind: the entry comes from a newer member and must stop
     *     this one, for skipping it would let states part
     */
    public static EntryKind ofCode(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown kind of log entry: " + code);
    }
}
