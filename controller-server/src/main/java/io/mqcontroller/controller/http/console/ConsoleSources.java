package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Where the console gets what it shows. All of them may be called by any thread, and none waits, but for the checks.
 *
 * @param cluster name of the cluster of controllers
 * @param version of this software
 * @param addresses where brokers and tools reach the controllers
 * @param leaderUrl of the leader's console; empty if it is this one's, or not known
 * @param view the controller's counts as of about a second ago
 * @param survey all groups
 * @param checks the ones behind {@code /readyz}; may take a second
 * @param withoutDrain controllers of a version that would stop at the record of a drain
 * @param actions is told what is done from the console
 */
public record ConsoleSources(
        String cluster,
        String version,
        Supplier<RaftStatus> raft,
        Supplier<SortedMap<NodeId, String>> addresses,
        Supplier<String> leaderUrl,
        Supplier<ControllerView> view,
        Supplier<CompletionStage<Survey>> survey,
        EventHistory history,
        List<HealthCheck> checks,
        ControllerService service,
        Supplier<SortedSet<NodeId>> withoutDrain,
        OperatorActions actions) {
    public ConsoleSources {
        checks = List.copyOf(checks);
    }
}
