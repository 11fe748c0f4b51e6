package io.mqcontroller.agent.runtime;

import io.mqcontroller.proto.controller.AckRule;
import io.mqcontroller.proto.controller.ApplyBrokerIdReply;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClusterReply;
import io.mqcontroller.proto.controller.ElectMasterReply;
import io.mqcontroller.proto.controller.GroupReply;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.HeartbeatReply;
import io.mqcontroller.proto.controller.HeartbeatRequest;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.NextBrokerIdReply;
import io.mqcontroller.proto.controller.RegisterRequest;
import io.mqcontroller.proto.controller.ReplicaView;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.ServerHello;
import io.mqcontroller.proto.controller.Status;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A controller of one group with one broker, over a real socket; it elects whoever asks. Its answers can be switched off. */
final class FakeController implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<HeartbeatRequest> heartbeats = new CopyOnWriteArrayList<>();
    private volatile boolean leads = true;
    private volatile boolean answers = true;
    private volatile String leaderAddress;
    private volatile RegisterRequest registered = RegisterRequest.getDefaultInstance();
    private volatile long master;
    private volatile int masterEpoch;
    private volatile DataOutputStream newest;

    FakeController() throws IOException {
        this("127.0.0.1", 0);
    }

    /** @param port 0: any */
    FakeController(String address, int port) throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getByName(address));
        leaderAddress = address();
        daemon(this::accept);
    }

    String address() {
        return server.getInetAddress().getHostAddress() + ":" + port();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whoever is connected has to come again. */
    void dropConnections() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    List<HeartbeatRequest> heartbeats() {
        return heartbeats;
    }

    int connectionsMade() {
        return connections.size();
    }

    /** It follows another one from now on. */
    void follow(String otherAddress) {
        leads = false;
        leaderAddress = otherAddress;
    }

    /** It reads and says nothing, as if it was frozen; or it answers again. */
    void answer(boolean value) {
        answers = value;
    }

    /** Makes another replica master and pushes that. */
    void electOther(long id, int epoch) throws IOException {
        master = id;
        masterEpoch = epoch;
        DataOutputStream out = newest;
        synchronized (out) {
            Frames.write(out, ServerFrame.newBuilder().setChanged(view()).build());
        }
    }

    /** Nobody reaches it any more. */
    void end() throws IOException {
        server.close();
        dropConnections();
    }

    @Override
    public void close() throws IOException {
        end();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                daemon(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            Frames.readPreface(in);
            Frames.writePreface(out);
            newest = out;
            while (true) {
                ClientFrame frame = ClientFrame.parseFrom(Frames.read(in));
                if (answers) {
                    ServerFrame answer = answer(frame);
                    synchronized (out) {
                        Frames.write(out, answer);
                    }
                }
            }
        } catch (IOException closed) {
            // The agent is gone, or the test over.
        }
    }

    private synchronized ServerFrame answer(ClientFrame frame) {
        ServerFrame.Builder answer = ServerFrame.newBuilder()
                .setRequestId(frame.getRequestId())
                .setStatus(Status.newBuilder().setCode(StatusCode.OK))
                .setLeader(LeaderHint.newBuilder()
                        .setNodeId(leads ? address() : "other")
                        .setAddress(leaderAddress));
        if (frame.hasHello()) {
            return answer.setHello(
                            ServerHello.newBuilder().setProtocolVersion(1).setNodeId(address()))
                    .build();
        }
        if (!leads) {
            return answer.setStatus(Status.newBuilder().setCode(StatusCode.NOT_LEADER))
                    .build();
        }
        switch (frame.getKindCase()) {
            case NEXT_BROKER_ID ->
                answer.setNextBrokerId(NextBrokerIdReply.newBuilder().setBrokerId(1));
            case APPLY_BROKER_ID -> answer.setApplyBrokerId(ApplyBrokerIdReply.getDefaultInstance());
            case REGISTER -> {
                registered = frame.getRegister();
                answer.setGroup(GroupReply.newBuilder().setGroup(view()));
            }
            case ELECT_MASTER -> {
                master = frame.getElectMaster().getBrokerId();
                masterEpoch++;
                answer.setElectMaster(
                        ElectMasterReply.newBuilder().setGroup(view()).setChanged(true));
            }
            case HEARTBEAT -> {
                heartbeats.add(frame.getHeartbeat());
                boolean lease = master == frame.getHeartbeat().getBrokerId()
                        && masterEpoch == frame.getHeartbeat().getRoleEpoch()
                        && !frame.getHeartbeat().getResigns();
                answer.setHeartbeat(HeartbeatReply.newBuilder()
                        .setGroup(view())
                        .setLeaseMs(lease ? 500 : 0)
                        .setAckRule(AckRule.WEAKER));
            }
            case GROUP -> answer.setGroup(GroupReply.newBuilder().setGroup(view()));
            case CLUSTER -> answer.setCluster(ClusterReply.getDefaultInstance());
            default -> answer.setStatus(Status.newBuilder().setCode(StatusCode.UNSUPPORTED));
        }
        return answer.build();
    }

    private GroupView view() {
        GroupView.Builder view = GroupView.newBuilder()
                .setGroup(registered.getGroup())
                .setMaster(master)
                .setMasterEpoch(masterEpoch)
                .setSyncStateSetEpoch(masterEpoch)
                .addReplicas(ReplicaView.newBuilder()
                        .setBrokerId(1)
                        .setAddress(registered.getAddress())
                        .setHaAddress(registered.getHaAddress())
                        .setAlive(true)
                        .setAgent(true))
                .addReplicas(ReplicaView.newBuilder()
                        .setBrokerId(2)
                        .setAddress("10.0.0.2:10911")
                        .setHaAddress("10.0.0.2:10912")
                        .setAlive(true)
                        .setAgent(true));
        if (master != 0) {
            view.addSyncStateSet(master);
        }
        return view.build();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "fake-controller");
        thread.setDaemon(true);
        thread.start();
    }
}
