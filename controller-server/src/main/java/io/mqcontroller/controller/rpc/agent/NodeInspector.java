package io.mqcontroller.controller.rpc.agent;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Looks at this controller as a process: its checks and its disk. */
public interface NodeInspector {
    /** Any thread may call; completes on any, possibly after a second, for it reads the disk and waits for event loops. */
    CompletionStage<Inspection> inspect();

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
}
