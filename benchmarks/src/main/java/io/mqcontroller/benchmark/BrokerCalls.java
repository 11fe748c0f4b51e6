package io.mqcontroller.benchmark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.body.SyncStateSet;
import org.apache.rocketmq.remoting.protocol.header.controller.AlterSyncStateSetRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.controller.ElectMasterRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.controller.GetReplicaInfoRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.controller.register.ApplyBrokerIdRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.controller.register.GetNextBrokerIdRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.controller.register.RegisterBrokerToControllerRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.namesrv.BrokerHeartbeatRequestHeader;

/**
 * A broker's requests through Apache's remoting client. One client keeps one connection to a controller, so callers are
 * spread over several.
 */
final class BrokerCalls implements AutoCloseable {
    static final String CLUSTER = "C";

    private static final int CONNECTIONS = 8;
    private static final long TIMEOUT_MS = 10_000;
    /** The longest that every kind believes; the load is not about liveness. */
    private static final long HEARTBEAT_TIMEOUT_MS = 300_000;

    private final List<NettyRemotingClient> clients = new ArrayList<>();
    private final String leader;

    BrokerCalls(String leader) {
        this.leader = leader;
        for (int i = 0; i < CONNECTIONS; i++) {
            NettyClientConfig config = new NettyClientConfig();
            config.setClientWorkerThreads(1);
            NettyRemotingClient client = new NettyRemotingClient(config);
            client.start();
            clients.add(client);
        }
    }

    /** How the heartbeat of a new replica travels. */
    interface FirstHeartbeat {
        void send(String group, long id) throws Exception;
    }

    /** A new group from nothing: id, registration, heartbeat, election. */
    void registerGroup(int caller, String group) throws Exception {
        registerGroup(caller, group, (name, id) -> heartbeat(caller, name, id));
    }

    void registerGroup(int caller, String group, FirstHeartbeat first) throws Exception {
        call(caller, RequestCode.CONTROLLER_GET_NEXT_BROKER_ID, new GetNextBrokerIdRequestHeader(CLUSTER, group));
        registerReplica(caller, group, 1, first);
        RemotingCommand elected = send(
                caller,
                RequestCode.CONTROLLER_ELECT_MASTER,
                ElectMasterRequestHeader.ofBrokerTrigger(CLUSTER, group, 1L),
                null);
        // 2011: the controller has elected it by itself, at its first heartbeat.
        if (elected.getCode() != 0 && elected.getCode() != 2011) {
            throw new IllegalStateException("1002 of " + group + ": " + elected.getCode() + " " + elected.getRemark());
        }
    }

    /** Id, registration and heartbeat of one replica. */
    void registerReplica(int caller, String group, long id, FirstHeartbeat first) throws Exception {
        String address = addressOf(group, id);
        call(
                caller,
                RequestCode.CONTROLLER_APPLY_BROKER_ID,
                new ApplyBrokerIdRequestHeader(CLUSTER, group, id, address + ";1"));
        call(
                caller,
                RequestCode.CONTROLLER_REGISTER_BROKER,
                new RegisterBrokerToControllerRequestHeader(CLUSTER, group, id, address));
        first.send(group, id);
    }

    void heartbeat(int caller, String group, long id) throws Exception {
        BrokerHeartbeatRequestHeader header = new BrokerHeartbeatRequestHeader();
        header.setClusterName(CLUSTER);
        header.setBrokerName(group);
        header.setBrokerId(id);
        header.setBrokerAddr(addressOf(group, id));
        header.setEpoch(1);
        header.setMaxOffset(100L);
        header.setConfirmOffset(100L);
        header.setHeartbeatTimeoutMills(HEARTBEAT_TIMEOUT_MS);
        header.setElectionPriority(Integer.MAX_VALUE);
        client(caller)
                .invokeOneway(
                        leader, RemotingCommand.createRequestCommand(RequestCode.BROKER_HEARTBEAT, header), TIMEOUT_MS);
    }

    void replicaInfo(int caller, String group) throws Exception {
        call(caller, RequestCode.CONTROLLER_GET_REPLICA_INFO, new GetReplicaInfoRequestHeader(group));
    }

    /** Answered by the time everything sent on this connection before has been read. */
    void barrier(int caller) throws Exception {
        call(caller, RequestCode.CONTROLLER_GET_METADATA_INFO, null);
    }

    /** Replaces the set of a group whose master is replica 1; the new syncStateSetEpoch. */
    int alter(int caller, String group, int masterEpoch, Set<Long> newSet, int setEpoch) throws Exception {
        RemotingCommand answer = send(
                caller,
                RequestCode.CONTROLLER_ALTER_SYNC_STATE_SET,
                new AlterSyncStateSetRequestHeader(group, 1L, masterEpoch),
                new SyncStateSet(new HashSet<>(newSet), setEpoch).encode());
        check(RequestCode.CONTROLLER_ALTER_SYNC_STATE_SET, answer);
        return SyncStateSet.decode(answer.getBody(), SyncStateSet.class).getSyncStateSetEpoch();
    }

    /** masterEpoch and syncStateSetEpoch. */
    int[] epochs(int caller, String group) throws Exception {
        RemotingCommand answer =
                send(caller, RequestCode.CONTROLLER_GET_REPLICA_INFO, new GetReplicaInfoRequestHeader(group), null);
        check(RequestCode.CONTROLLER_GET_REPLICA_INFO, answer);
        return new int[] {
            Integer.parseInt(answer.getExtFields().get("masterEpoch")),
            SyncStateSet.decode(answer.getBody(), SyncStateSet.class).getSyncStateSetEpoch()
        };
    }

    @Override
    public void close() {
        clients.forEach(NettyRemotingClient::shutdown);
    }

    private void call(int caller, int code, CommandCustomHeader header) throws Exception {
        check(code, send(caller, code, header, null));
    }

    private RemotingCommand send(int caller, int code, CommandCustomHeader header, byte[] body) throws Exception {
        RemotingCommand request = RemotingCommand.createRequestCommand(code, header);
        request.setBody(body);
        return client(caller).invokeSync(leader, request, TIMEOUT_MS);
    }

    private NettyRemotingClient client(int caller) {
        return clients.get(caller % CONNECTIONS);
    }

    private static void check(int code, RemotingCommand answer) {
        if (answer.getCode() != 0) {
            throw new IllegalStateException(code + ": " + answer.getCode() + " " + answer.getRemark());
        }
    }

    private static String addressOf(String group, long id) {
        // An address nobody listens on: role notices to it fail at once and cost both sides the same.
        return "127.0.0.1:" + (1 + Math.floorMod(group.hashCode(), 1_000) * 2 + id % 2);
    }
}
