package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.SlaveProgress;
import io.mqcontroller.agent.spi.BrokerReplica;
import io.mqcontroller.agent.spi.LogPosition;
import io.mqcontroller.agent.spi.MasterRole;
import io.mqcontroller.agent.spi.SlaveRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.logging.org.slf4j.Logger;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;
import org.apache.rocketmq.remoting.protocol.EpochEntry;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.config.BrokerRole;
import org.apache.rocketmq.store.ha.HAClient;
import org.apache.rocketmq.store.ha.HAConnection;
import org.apache.rocketmq.store.ha.HAConnectionState;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAConnection;

/** A real RocketMQ broker as its agent drives it. */
final class RocketMqBrokerReplica implements BrokerReplica {
    /** For which a write may go on before a switch is given up: longer than one waits for replicas ({@code slaveTimeout}). */
    private static final long WRITES_END_WITHIN_MS = 5_000;
    /** What the broker writes by itself is not counted; it has stopped being started, and ends within this. */
    private static final long OWN_WRITES_END_WITHIN_MS = 30;

    private static final Logger LOG = LoggerFactory.getLogger("RocketmqBroker");
    private static final long NOTHING_WRITTEN = -1;

    private final AgentBrokerController broker;
    private final ConfirmedHaService replication;
    private final AgentStoreConfig storeConfig;
    private final WritesInProgress writes;
    private final PeerClient peers;
    private final SlaveTables tables;
    private final StoreHealth health;
    /** Of a master: the end of its log when its disk was last found to take writes. */
    private volatile long readableUntil = NOTHING_WRITTEN;

    private volatile SlaveRole following;
    private volatile MasterRole leading;

    RocketMqBrokerReplica(
            AgentBrokerController broker,
            ConfirmedHaService replication,
            AgentStoreConfig storeConfig,
            WritesInProgress writes) {
        this.broker = broker;
        this.replication = replication;
        this.storeConfig = storeConfig;
        this.writes = writes;
        peers = new PeerClient(() -> broker.getBrokerOuterAPI().getRemotingClient());
        tables = new SlaveTables(broker);
        health = new StoreHealth(Path.of(storeConfig.getStorePathRootDir()), () -> broker.getMessageStore()
                .getRunningFlags());
    }

    @Override
    public LogPosition position() {
        List<EpochEntry> epochs = replication.getEpochEntries();
        EpochEntry last = epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
        return new LogPosition(
                last == null ? -1 : last.getEpoch(),
                last == null ? 0 : last.getStartOffset(),
                broker.getMessageStore().getMaxPhyOffset(),
                broker.getMessageStore().getConfirmOffset());
    }

    @Override
    public List<SlaveProgress> slaves() {
        if (leading == null) {
            return List.of();
        }
        List<SlaveProgress> slaves = new ArrayList<>();
        for (HAConnection connection : replication.getConnectionList()) {
            AutoSwitchHAConnection slave = (AutoSwitchHAConnection) connection;
            // Before TRANSFER it has not cut its log to this one.
            if (slave.getSlaveId() > 0 && slave.getCurrentState() == HAConnectionState.TRANSFER) {
                slaves.add(
                        new SlaveProgress(slave.getSlaveId(), true, slave.getSlaveAckOffset(), slave.isAsyncLearner()));
            }
        }
        return slaves;
    }

    @Override
    public void becomeMaster(MasterRole role) throws Exception {
        replication.setLocalBrokerId(role.brokerId());
        replication.setSyncStateSet(role.syncStateSet());
        boolean wasMaster = leading != null;
        leaveRole();
        if (wasMaster) {
            require(replication.changeToMasterWhenLastRoleIsMaster(role.epoch()), "master", role.epoch());
        } else {
            tables.follow(null);
            require(atOnce(() -> replication.changeToMaster(role.epoch())), "master", role.epoch());
            broker.getBrokerConfig().setBrokerId(MixAll.MASTER_ID);
            storeConfig.setBrokerRole(BrokerRole.SYNC_MASTER);
            readableUntil = broker.getMessageStore().getMaxPhyOffset();
            broker.changeSpecialServiceStatus(true);
        }
        leading = role;
        announce(role.epoch());
    }

    @Override
    public void becomeSlave(SlaveRole role) throws Exception {
        SlaveRole before = following;
        leaveRole();
        replication.setLocalBrokerId(role.brokerId());
        if (before != null && follows(before, role)) {
            require(
                    replication.changeToSlaveWhenMasterNotChange(role.masterAddress(), role.epoch()),
                    "slave",
                    role.epoch());
        } else {
            stopWriting();
            broker.getBrokerConfig().setBrokerId(role.brokerId());
            tables.follow(role.masterAddress());
            cutUnreadable();
            // Epochs that began in a part of the log that a crash has lost: the replication would take them for
            // written.
            replication.truncateEpochFileSuffix(broker.getMessageStore().getMaxPhyOffset() + 1);
            require(
                    atOnce(() -> replication.changeToSlave(role.masterAddress(), role.epoch(), role.brokerId())),
                    "slave",
                    role.epoch());
        }
        following = role;
        followHaAddress(role.masterHaAddress());
        announce(role.epoch());
    }

    private synchronized void noteReadable(long end) {
        if (leading != null) {
            readableUntil = end;
        }
    }

    private synchronized void leaveRole() {
        following = null;
        leading = null;
    }

    /** Of what was written as master only: what a slave copies does not come message by message. */
    private void cutUnreadable() throws Exception {
        if (readableUntil != NOTHING_WRITTEN) {
            OptionalLong end = LogTail.cutUnreadable((DefaultMessageStore) broker.getMessageStore(), readableUntil);
            if (end.isPresent()) {
                LOG.warn("agent: the log can't be read from {} on, and ends there now", end.getAsLong());
            }
            readableUntil = NOTHING_WRITTEN;
        }
    }

    /** Whoever has seen the permit has appended, and waits as master does, when the broker stops being one. */
    private void stopWriting() throws InterruptedException {
        broker.changeSpecialServiceStatus(false);
        if (!writes.awaitNone(WRITES_END_WITHIN_MS)) {
            throw new IllegalStateException("a write that began before the broker was fenced has not ended within "
                    + WRITES_END_WITHIN_MS + " ms; a slave's log could get what its master does not have");
        }
        Thread.sleep(OWN_WRITES_END_WITHIN_MS);
        storeConfig.setBrokerRole(BrokerRole.SLAVE);
    }

    private boolean atOnce(Callable<Boolean> change) throws Exception {
        Optional<CopyThread> copying = StoreParts.copyThread(replication.getHAClient());
        return copying.isPresent() ? copying.get().awakeDuring(change) : change.call();
    }

    private static boolean follows(SlaveRole before, SlaveRole now) {
        return before.masterId() == now.masterId()
                && before.masterAddress().equals(now.masterAddress())
                && before.masterHaAddress().equals(now.masterHaAddress());
    }

    private static void require(boolean done, String role, int epoch) {
        if (!done) {
            throw new IllegalStateException("the replication did not become " + role + " under epoch " + epoch
                    + "; the broker's log tells why, as a rule its epoch file has a newer one");
        }
    }

    /** Topics get a version that is newer than the last master's, and the name server the new role. */
    private void announce(int epoch) {
        broker.getTopicConfigManager().getDataVersion().nextVersion(epoch);
        broker.openAfterSwitch();
    }

    @Override
    public void keepSends() {
        broker.keepSends();
    }

    @Override
    public void awaitWritesEnd() {
        if (!writes.awaitNone(WRITES_END_WITHIN_MS)) {
            throw new IllegalStateException("a write that began before writes were paused has not ended within "
                    + WRITES_END_WITHIN_MS + " ms");
        }
    }

    @Override
    public void followHaAddress(String masterHaAddress) {
        if (masterHaAddress.isEmpty()) {
            return;
        }
        replication.updateHaMasterAddress(masterHaAddress);
        connectNow();
    }

    /** A slave's client sleeps for 5 s when it found no master; the new one is as a rule ready much sooner. */
    void connectNow() {
        HAClient client = replication.getHAClient();
        if (following != null && client != null && client.getCurrentState() == HAConnectionState.READY) {
            StoreParts.copyThread(client).ifPresent(CopyThread::wake);
        }
    }

    /** The master that this slave follows; null: none. */
    SlaveRole following() {
        return following;
    }

    /** The role that this master has; null: it is none. */
    MasterRole leading() {
        return leading;
    }

    @Override
    public void acknowledgeBy(SortedSet<Long> members) {
        replication.setSyncStateSet(members);
    }

    @Override
    public AckRule wantedAckRule() {
        return storeConfig.wantsAllInSync() ? AckRule.ALL_IN_SYNC : AckRule.WEAKER;
    }

    @Override
    public void useAckRule(AckRule rule) {
        storeConfig.useAllInSync(rule == AckRule.ALL_IN_SYNC);
    }

    @Override
    public Optional<String> probe() {
        if (following != null && !tables.complete()) {
            return Optional.of("its topic and subscription tables are behind those of the master");
        }
        long end = broker.getMessageStore().getMaxPhyOffset();
        Optional<String> problem = health.problem();
        if (problem.isEmpty()) {
            noteReadable(end);
        }
        return problem;
    }

    @Override
    public CompletionStage<byte[]> askPeer(String address, byte[] question, long timeoutMs) {
        return peers.ask(address, question, timeoutMs);
    }

    void close() {
        peers.close();
    }
}
