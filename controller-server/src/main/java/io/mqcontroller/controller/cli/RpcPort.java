package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.http.AgentMetrics;
import io.mqcontroller.controller.http.RemotingMetrics;
import io.mqcontroller.controller.http.RpcMetrics;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.remoting.RemotingProtocol;
import io.mqcontroller.controller.rpc.RpcServer;
import io.mqcontroller.controller.rpc.agent.AgentConnections;
import io.mqcontroller.controller.rpc.agent.AgentProtocol;
import io.mqcontroller.controller.rpc.agent.NodeInspector;
import io.mqcontroller.controller.rpc.agent.NodeMembership;
import io.mqcontroller.raft.transport.NettyTransport;
import java.io.IOException;

/** The one port on which peers, brokers, agents and tools are served, each in its protocol. */
final class RpcPort {
    private RpcPort() {}

    /**
     * Opens it.
     *
     * @param connections of agents, through which news of groups are pushed
     * @throws IOException if it can't be listened on
     */
    static RpcServer open(
            ServedParts parts,
            LiveConfig live,
            NettyTransport transport,
            NodeInspector inspector,
            RemotingMetrics remotingMetrics,
            AgentConnections connections,
            AgentMetrics agentMetrics)
            throws IOException {
        ControllerMembers members = parts.members();
        ConnectionIds connectionIds = new ConnectionIds();
        RemotingProtocol remoting = new RemotingProtocol(
                parts.loop().service(),
                members,
                live,
                parts.blockingCalls(),
                parts.actions(),
                connectionIds,
                PartSettings.remoting(parts.config()),
                remotingMetrics);
        AgentProtocol agents = new AgentProtocol(
                parts.loop().service(),
                members,
                new NodeMembership(parts.node()),
                inspector,
                parts.actions(),
                connectionIds,
                connections,
                PartSettings.agents(parts.config()),
                parts.version(),
                agentMetrics);
        return RpcServer.start(
                PartSettings.rpc(parts.config()),
                parts.loops(),
                parts.loops(),
                transport::accept,
                remoting::accept,
                agents::accept,
                new RpcMetrics(parts.metrics()));
    }
}
