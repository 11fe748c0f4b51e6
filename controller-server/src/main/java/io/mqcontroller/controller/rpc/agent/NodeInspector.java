package io.mqcontroller.controller.rpc.agent;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.history.EventHistory;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** Looks at this controller as a process, for operators. Any thread may call; stages complete on any. */
public interface NodeInspector {
    /** Its checks and its disk; may take a second. */
    CompletionStage<Inspection> inspect();

    /** What it has seen change since its start, the oldest first. */
    List<EventHistory.Seen> history();

    /** The state as it was after an entry of the log, or now for 0; empty if it is forgotten. */
    CompletionStage<Optional<StateHash>> stateHash(long index);

    /** Captures the replicated state as it is now, and gives its first part; empty if it can't be had now. */
    CompletionStage<Optional<CapturedPart>> capture();

    /** Another part of a state that was captured; empty if that is forgotten. */
    CompletionStage<Optional<CapturedPart>> captured(long capture, long offset);

    /** The level of a logger, {@code ""} for the one above all; empty if there is no such logger. */
    Optional<String> logLevel(String logger);

    /** Sets it until the next start; false if there is no such logger. */
    boolean setLogLevel(String logger, String level);

    /** The values in force. */
    SortedMap<String, String> configuration();

    /**
     * This controller is to be stopped soon, or that is over: its checks say so from now on.
     *
     * @return whether it was otherwise before
     */
    boolean drained(boolean isDrained);

    /**
     * Changes a key of this controller's configuration, durably.
     *
     * @param dryRun only say whether it is possible
     * @param by address of who asks for it
     */
    CompletionStage<ConfigChange> changeConfiguration(String key, String value, boolean dryRun, String by);

    /** What those want to see who look for a mistake, by file name. */
    CompletionStage<SortedMap<String, String>> diagnostics();

    /**
     * What came of a change.
     *
     * @param refused why nothing was changed; empty: the value is in force now
     */
    record ConfigChange(String before, Optional<String> refused) {}

    /**
     * @param failed the checks behind {@code /readyz} that do not hold
     * @param storeBytes of all files below the folder of the store
     */
    record Inspection(List<FailedCheck> failed, long storeBytes, long diskFreeBytes, long uptimeMs) {
        public Inspection {
            failed = List.copyOf(failed);
        }

        /** @param message for people */
        public record FailedCheck(String name, String message) {}
    }

    /**
     * @param decidedTerm and {@code sequence}: which batch of decisions was the last to take effect
     * @param hash SHA-256, in hexadecimal digits
     */
    record StateHash(long decidedTerm, long sequence, String hash, long groups) {}

    /**
     * A part of a captured state, as {@link io.mqcontroller.controller.controller.replication.SnapshotCodec} writes it.
     *
     * @param capture the name of what was captured
     * @param totalBytes of all parts together
     */
    record CapturedPart(long capture, long totalBytes, ByteString bytes) {}
}
