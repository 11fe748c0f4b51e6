package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.controller.ControllerLoop;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.http.Metrics;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.transport.EventLoops;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * What both ports need: {@link RpcPort} and {@link HttpPort}.
 *
 * @param version of this software
 * @param blockingCalls runs what may wait for a disk
 * @param status may be asked before Raft is started
 * @param actions is told what operators have done
 */
record ServedParts(
        ControllerConfig config,
        String version,
        Metrics metrics,
        EventLoops loops,
        ExecutorService blockingCalls,
        ControllerLoop loop,
        RaftNode node,
        Supplier<RaftStatus> status,
        OperatorActions actions) {
    ControllerMembers members() {
        return new ControllerMembers(config.cluster(), PartSettings.advertised(config), status);
    }
}
