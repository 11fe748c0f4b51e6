package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The protocol on a channel without a socket, with everything around it faked. */
final class TestConnection {
    static final NodeId N0 = new NodeId("n0");
    static final NodeId N1 = new NodeId("n1");

    final FakeControllerService service = new FakeControllerService();
    final Map<String, String> configuration = new TreeMap<>(Map.of("enableElectUncleanMaster", "false"));
    final EventHistory history = new EventHistory(100, () -> 1);
    final List<ClosedBecause> cuts = new ArrayList<>();
    final List<Integer> responseCodes = new ArrayList<>();
    final EmbeddedChannel channel = new EmbeddedChannel();
    private final RemotingObserver observer = new RemotingObserver() {
        @Override
        public void onConnectionCut(ClosedBecause reason) {
            cuts.add(reason);
        }

        @Override
        public void onRequest(int requestCode, int responseCode, long elapsedNanos) {
            responseCodes.add(responseCode);
        }
    };
    private final ByteBuf received = Unpooled.buffer();

    TestConnection() {
        this(RemotingSettings.DEFAULT);
    }

    TestConnection(RemotingSettings settings) {
        new RemotingProtocol(
                        service,
                        members(status(RoleName.LEADER, true, N0)),
                        access(),
                        Runnable::run,
                        new OperatorActions(N0, () -> status(RoleName.LEADER, true, N0), history),
                        new ConnectionIds(),
                        settings,
                        observer)
                .accept(channel);
    }

    static ControllerMembers members(RaftStatus status) {
        return new ControllerMembers(
                "group1", new TreeMap<>(Map.of(N0, "127.0.0.1:9878", N1, "127.0.0.1:9879")), () -> status);
    }

    static RaftStatus status(RoleName role, boolean ready, NodeId leader) {
        return status(role, ready, leader, Configuration.NONE);
    }

    static RaftStatus status(RoleName role, boolean ready, NodeId leader, Configuration configuration) {
        LogPosition none = new LogPosition(0, 0);
        return new RaftStatus(
                N0,
                role,
                ready,
                1,
                Optional.ofNullable(leader),
                0,
                0,
                none,
                0,
                none,
                0,
                List.of(),
                StoreHealth.SOUND,
                configuration,
                0);
    }

    /** @return whether the connection is still open */
    boolean send(ByteBuf bytes) {
        channel.writeInbound(bytes);
        return channel.isOpen();
    }

    /** Null when nothing was answered. */
    ReceivedAnswer receive() {
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            received.writeBytes(written);
            written.release();
        }
        return ReceivedAnswer.read(received);
    }

    ReceivedAnswer call(ByteBuf request) {
        send(request);
        return receive();
    }

    private ConfigurationAccess access() {
        return new ConfigurationAccess() {
            @Override
            public String effectiveProperties() {
                StringBuilder lines = new StringBuilder();
                configuration.forEach((key, value) ->
                        lines.append(key).append('=').append(value).append('\n'));
                return lines.toString();
            }

            @Override
            public Optional<String> update(Map<String, String> changes, String by) {
                if (!configuration.keySet().containsAll(changes.keySet())) {
                    return Optional.of("may not be changed: " + changes.keySet());
                }
                configuration.putAll(changes);
                return Optional.empty();
            }
        };
    }
}
