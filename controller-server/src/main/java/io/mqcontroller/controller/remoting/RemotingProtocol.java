package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.netty.channel.Channel;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Takes over accepted connections on which RocketMQ's protocol is spoken. */
public final class RemotingProtocol {
    private final ConnectionIds connectionIds;
    private final RequestCodeRouter router;
    private final RemotingSettings settings;
    private final RemotingObserver observer;

    /**
     * @param blockingCalls runs what {@code configuration} does, for it may block; refuses when it has too much to do
     * @param actions is told what operators have done
     */
    public RemotingProtocol(
            ControllerService service,
            ControllerMembers members,
            ConfigurationAccess configuration,
            Executor blockingCalls,
            OperatorActions actions,
            ConnectionIds connectionIds,
            RemotingSettings settings,
            RemotingObserver observer) {
        this.connectionIds = Objects.requireNonNull(connectionIds, "connectionIds");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.observer = Objects.requireNonNull(observer, "observer");
        router = new RequestCodeRouter(service, members, configuration, blockingCalls, actions, observer);
    }

    /**
     * Adds the protocol's handlers at the end of the channel's pipeline; everything received since the beginning must reach
     * them. Called on the channel's event loop.
     */
    public void accept(Channel channel) {
        ConnectionId id = connectionIds.next();
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, settings.idleTimeoutMs(), TimeUnit.MILLISECONDS))
                .addLast(new RemotingConnection(id, router, settings, observer));
    }
}
