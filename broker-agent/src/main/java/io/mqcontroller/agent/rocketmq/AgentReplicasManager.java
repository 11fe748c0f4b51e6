package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.runtime.BrokerAgent;
import io.mqcontroller.agent.spi.MasterRole;
import io.mqcontroller.agent.spi.SlaveRole;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.rocketmq.broker.controller.ReplicasManager;
import org.apache.rocketmq.remoting.protocol.body.SyncStateSet;

/** In the place of Apache's replicas manager: ends the agent with the broker, and answers from its state. */
final class AgentReplicasManager extends ReplicasManager {
    private final AgentBrokerController broker;
    private final BrokerAgent agent;
    private final RocketMqBrokerReplica replica;

    AgentReplicasManager(AgentBrokerController broker, BrokerAgent agent, RocketMqBrokerReplica replica) {
        super(broker);
        this.broker = broker;
        this.agent = agent;
        this.replica = replica;
    }

    /** Too early: the broker's ports are not open. It starts the agent when they are. */
    @Override
    public void start() {}

    @Override
    public void shutdown() {
        agent.close();
        replica.close();
        super.shutdown();
    }

    /** The agent's connection tells the controllers everything. */
    @Override
    public void sendHeartbeatToController() {}

    /** A controller that takes this for an unmodified broker; the agent hears of the same change on its own connection. */
    @Override
    public void changeBrokerRole(Long masterId, String address, Integer epoch, Integer setEpoch, Set<Long> set) {
        agent.lookSoon();
    }

    @Override
    public void changeToMaster(int epoch, int setEpoch, Set<Long> set) {
        throw new UnsupportedOperationException("only the agent changes roles");
    }

    @Override
    public void changeToSlave(String address, int epoch, Long masterId) {
        throw new UnsupportedOperationException("only the agent changes roles");
    }

    @Override
    public boolean isMasterState() {
        return replica.leading() != null;
    }

    @Override
    public int getMasterEpoch() {
        AgentStatus status = agent.status();
        return status == null ? 0 : status.roleEpoch();
    }

    @Override
    public String getMasterAddress() {
        SlaveRole following = replica.following();
        MasterRole leading = replica.leading();
        return leading != null ? broker.getBrokerAddr() : following == null ? "" : following.masterAddress();
    }

    @Override
    public Long getBrokerControllerId() {
        AgentStatus status = agent.status();
        return status == null || status.brokerId() == 0 ? null : status.brokerId();
    }

    @Override
    public SyncStateSet getSyncStateSet() {
        AgentStatus status = agent.status();
        return status == null || status.confirmed() == null
                ? new SyncStateSet(new TreeSet<>(), 0)
                : new SyncStateSet(
                        new TreeSet<>(status.confirmed().members()),
                        status.confirmed().epoch());
    }

    @Override
    public List<String> getAvailableControllerAddresses() {
        AgentStatus status = agent.status();
        return status == null || status.controller().isEmpty() ? List.of() : List.of(status.controller());
    }
}
