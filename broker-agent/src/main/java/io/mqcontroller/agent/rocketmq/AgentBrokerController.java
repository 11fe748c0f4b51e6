package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.core.AgentState;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.runtime.AgentConfig;
import io.mqcontroller.agent.runtime.BrokerAgent;
import io.mqcontroller.agent.spi.SlaveRole;
import io.mqcontroller.agent.spi.WritePermit;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.auth.config.AuthConfig;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.broker.controller.ReplicasManager;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.Pair;
import org.apache.rocketmq.remoting.RemotingServer;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.body.BrokerMemberGroup;
import org.apache.rocketmq.remoting.protocol.namesrv.RegisterBrokerResult;

/** Apache's broker with the agent in it. */
final class AgentBrokerController extends BrokerController {
    private static final int[] SEND_CODES = {
        RequestCode.SEND_MESSAGE,
        RequestCode.SEND_MESSAGE_V2,
        RequestCode.SEND_BATCH_MESSAGE,
        RequestCode.CONSUMER_SEND_MSG_BACK
    };
    /** Others that store what a client sends and answer from the same call. Not every release knows all of them. */
    private static final int[] OTHER_WRITE_CODES = {
        RequestCode.END_TRANSACTION,
        RequestCode.SEND_REPLY_MESSAGE,
        RequestCode.SEND_REPLY_MESSAGE_V2,
        RequestCode.RECALL_MESSAGE
    };

    private static final long CONNECT_PERIOD_MS = 200;
    /** Longer than the agent itself takes: for a slave to have everything, and for a controller to answer. */
    private static final long RESIGN_WITHIN_MS = 3_500;

    private final AgentStoreConfig storeConfig;
    private final Properties properties;
    private final WritePermit permit = new WritePermit();
    private final WritesInProgress writes = new WritesInProgress(permit);
    private final AnswerGate gate = new AnswerGate(writes);
    private final SendRelay relay =
            new SendRelay(() -> getBrokerOuterAPI().getRemotingClient(), this::otherMaster, SendRelay.Limits.DEFAULT);
    private final KeptSends keptSends = new KeptSends(relay, this::relayAtSwitchOver);
    private ConfirmedHaService replication;
    private RocketMqBrokerReplica replica;
    private BrokerAgent agent;
    private AgentConfig agentConfig;
    private ScheduledFuture<?> connecting;

    AgentBrokerController(
            BrokerConfig brokerConfig,
            NettyServerConfig serverConfig,
            NettyClientConfig clientConfig,
            AgentStoreConfig storeConfig,
            AuthConfig authConfig,
            Properties properties) {
        super(brokerConfig, serverConfig, clientConfig, storeConfig, authConfig);
        this.storeConfig = storeConfig;
        this.properties = properties;
    }

    @Override
    public boolean initializeMessageStore() {
        if (!super.initializeMessageStore()) {
            return false;
        }
        replication = new ConfirmedHaService(() -> {
            if (agent != null) {
                agent.lookSoon();
            }
        });
        StoreParts.replaceReplication(getMessageStore(), replication);
        return true;
    }

    @Override
    public boolean recoverAndInitService() throws CloneNotSupportedException {
        replica = new RocketMqBrokerReplica(this, replication, storeConfig, writes);
        agentConfig = AgentConfig.of(
                new AgentConfig.Host(
                        getBrokerConfig().getBrokerClusterName(),
                        getBrokerConfig().getBrokerName(),
                        getBrokerAddr(),
                        getHAServerAddr(),
                        java.nio.file.Path.of(storeConfig.getStorePathBrokerIdentity())),
                properties);
        agent = new BrokerAgent(
                agentConfig, replica, permit, () -> getBrokerConfig().getControllerAddr(), new BrokerLog());
        boolean done = super.recoverAndInitService();
        ReplicasManager stock = replicasManager;
        replicasManager = new AgentReplicasManager(this, agent, replica);
        replicasManager.setFenced(true);
        stock.shutdown();
        connecting = getScheduledExecutorService()
                .scheduleWithFixedDelay(
                        replica::connectNow, CONNECT_PERIOD_MS, CONNECT_PERIOD_MS, TimeUnit.MILLISECONDS);
        return done;
    }

    /** Writes pause for a switch-over: clients notice nothing of it but the time that it takes. */
    void keepSends() {
        if (agentConfig.relaySendsAtStopMs() > 0) {
            keptSends.keepFor(agentConfig.relaySendsAtStopMs());
        }
    }

    /** Who sends seldom is waited for as well: this broker goes on. */
    private SendRelay relayAtSwitchOver() {
        SendRelay.Limits limits = SendRelay.Limits.DEFAULT;
        return new SendRelay(
                () -> getBrokerOuterAPI().getRemotingClient(),
                this::successor,
                new SendRelay.Limits(agentConfig.relaySendsAtStopMs(), limits.keptMs(), limits.maxKept()));
    }

    /** Who takes what was kept: this broker if it has stayed master, else the master that clients find. */
    private Optional<String> successor() {
        return permit.enter() == WritePermit.REFUSED ? otherMaster() : Optional.of(getBrokerAddr());
    }

    /** The master of this group that clients find, if it is not this broker. */
    private Optional<String> otherMaster() {
        try {
            BrokerMemberGroup members = getBrokerOuterAPI()
                    .syncBrokerMemberGroup(
                            getBrokerConfig().getBrokerClusterName(),
                            getBrokerConfig().getBrokerName(),
                            getBrokerConfig().isCompatibleWithOldNameSrv());
            String master = members == null ? null : members.getBrokerAddrs().get(MixAll.MASTER_ID);
            return Optional.ofNullable(master).filter(address -> !address.equals(getBrokerAddr()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RemotingException notNow) {
            return Optional.empty();
        }
    }

    @Override
    public void registerMessageStoreHook() {
        super.registerMessageStoreHook();
        getMessageStore().getPutMessageHookList().add(0, new PermitHook(writes));
    }

    @Override
    public void registerProcessor() {
        super.registerProcessor();
        PermittedSendProcessor sends = new PermittedSendProcessor(this, writes, gate, keptSends);
        sends.registerSendMessageHook(getSendMessageHookList());
        sends.registerConsumeMessageHook(getConsumeMessageHookList());
        PeerQuestionProcessor questions = new PeerQuestionProcessor(agent::askedByPeer);
        for (RemotingServer server : List.of(getRemotingServer(), getFastRemotingServer())) {
            for (int code : SEND_CODES) {
                server.registerProcessor(
                        code, sends, server.getProcessorPair(code).getObject2());
            }
            for (int code : OTHER_WRITE_CODES) {
                Pair<NettyRequestProcessor, ExecutorService> pair = server.getProcessorPair(code);
                if (pair != null) {
                    server.registerProcessor(
                            code,
                            new PermittedProcessor(pair.getObject1(), writes, gate, keptSends),
                            pair.getObject2());
                }
            }
            server.registerProcessor(PeerQuestionProcessor.REQUEST_CODE, questions, null);
        }
    }

    /** The first role: the broker may register and be read from. Then, and at each later switch, it says so. */
    void openAfterSwitch() {
        replicasManager.setFenced(false);
        replicasManager.registerBrokerWhenRoleChange();
    }

    /** The name server may still name the old master; a slave goes by what the controllers say, if they say it. */
    @Override
    protected void handleRegisterBrokerResult(List<RegisterBrokerResult> results, boolean checkOrderConfig) {
        SlaveRole following = replica == null ? null : replica.following();
        boolean told = following != null && !following.masterHaAddress().isEmpty();
        updateMasterHAServerAddrPeriodically = !told;
        super.handleRegisterBrokerResult(results, checkOrderConfig);
        if (replica != null) {
            getSlaveSynchronize().setMasterAddr(following == null ? null : following.masterAddress());
        }
    }

    /**
     * The agent comes last: a broker whose ports are not open yet must not be elected, and takes no part in anything before it has
     * a role.
     */
    @Override
    public void start() throws Exception {
        super.start();
        agent.start();
    }

    /** Called at the end of the start; without a role there is nothing to announce. The first switch does it. */
    @Override
    public void startServiceWithoutCondition() {
        if (replica.leading() != null || replica.following() != null) {
            super.startServiceWithoutCondition();
        }
    }

    /**
     * The role is given back first, and clients are served until they have found the next master. Then files are put in order,
     * whatever became of that.
     */
    @Override
    public void shutdown() {
        try {
            giveRoleBack();
        } finally {
            if (connecting != null) {
                connecting.cancel(false);
            }
            super.shutdown();
        }
    }

    private void giveRoleBack() {
        AgentStatus status = agent == null ? null : agent.status();
        if (status == null) {
            return;
        }
        boolean handsOver =
                status.state() == AgentState.MASTER && status.acking().size() > 1;
        if (handsOver && agentConfig.relaySendsAtStopMs() > 0) {
            relay.during(() -> agent.resign(RESIGN_WITHIN_MS), agentConfig.relaySendsAtStopMs());
        } else {
            agent.resign(RESIGN_WITHIN_MS);
        }
    }
}
