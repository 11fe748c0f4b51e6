package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.netty.channel.Channel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Takes over accepted connections of agents and tools. */
public final class AgentProtocol {
    private final AgentRouter router;
    private final ConnectionIds connectionIds;
    private final AgentConnections connections;
    private final AgentSettings settings;
    private final AgentObserver observer;

    /**
     * @param connectionIds shared with the other protocols: an id is never given out twice
     * @param actions is told what operators have done
     * @param connections through which news of groups are pushed
     * @param version of this software, for the hello
     */
    public AgentProtocol(
            ControllerService service,
            ControllerMembers members,
            ControllerMembership membership,
            NodeInspector inspector,
            OperatorActions actions,
            ConnectionIds connectionIds,
            AgentConnections connections,
            AgentSettings settings,
            String version,
            AgentObserver observer) {
        this.connectionIds = Objects.requireNonNull(connectionIds, "connectionIds");
        this.connections = Objects.requireNonNull(connections, "connections");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.observer = Objects.requireNonNull(observer, "observer");
        router = new AgentRouter(service, members, membership, inspector, actions, version, settings.maxSlaves());
    }

    /**
     * Adds the protocol's handlers at the end of the channel's pipeline; everything received since the beginning must reach
     * them. Called on the channel's event loop.
     */
    public void accept(Channel channel) {
        channel.pipeline()
                .addLast(new IdleStateHandler(settings.idleTimeoutMs(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new FrameDecoder(FrameDecoder.CLIENT_PREFACE, settings.maxFrameBytes()))
                // Holds back the frames of a read that ends beyond the limit of requests under way.
                .addLast(new FlowControlHandler())
                .addLast(new AgentConnection(connectionIds.next(), router, connections, settings, observer));
    }
}
