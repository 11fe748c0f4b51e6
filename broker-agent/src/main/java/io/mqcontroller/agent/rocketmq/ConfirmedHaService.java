package io.mqcontroller.agent.rocketmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAService;

/**
 * Apache's replication, with the SyncStateSet that the agent gives it and no other. Apache's own takes a slave out of the set
 * when its connection ends, before any controller has agreed (5.5), or when the master is told to become a slave; whatever
 * waits for that slave is then acknowledged, and lost if the slave is elected. Here only {@link #setSyncStateSet} changes it.
 */
final class ConfirmedHaService extends AutoSwitchHAService {
    private final Runnable progressed;
    private volatile Set<Long> members = Set.of();
    private EpochFile epochs;

    /** @param progressed called when a slave has caught up or has gone; must not block */
    ConfirmedHaService(Runnable progressed) {
        this.progressed = progressed;
    }

    @Override
    public void init(DefaultMessageStore store) throws IOException {
        super.init(store);
        epochs = new EpochFile(store.getMessageStoreConfig().getStorePathEpochFile());
        epochs.initCacheFromFile();
        StoreParts.replaceEpochFile(this, epochs);
    }

    /** If nothing was written under the last epoch, its entry becomes the new one's: slaves are being sent it, so it stays. */
    @Override
    public boolean changeToMasterWhenLastRoleIsMaster(int masterEpoch) {
        DefaultMessageStore store = getDefaultMessageStore();
        if (masterEpoch > epochs.lastEpoch() && epochs.isLastEmpty(store.getMaxPhyOffset())) {
            store.setStateMachineVersion(masterEpoch);
            return true;
        }
        return super.changeToMasterWhenLastRoleIsMaster(masterEpoch);
    }

    /** RocketMQ makes its own client only where there is none. */
    @Override
    public boolean changeToSlave(String masterAddress, int masterEpoch, Long slaveId) {
        if (getHAClient() == null) {
            try {
                StoreParts.replaceClient(this, new LastingHaClient(this, getDefaultMessageStore(), epochs, slaveId));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return super.changeToSlave(masterAddress, masterEpoch, slaveId);
    }

    @Override
    public void setSyncStateSet(Set<Long> confirmed) {
        members = Set.copyOf(confirmed);
        super.setSyncStateSet(confirmed);
    }

    @Override
    public Set<Long> getSyncStateSet() {
        return new HashSet<>(members);
    }

    @Override
    public Set<Long> getLocalSyncStateSet() {
        return new HashSet<>(members);
    }

    @Override
    public int inSyncReplicasNums(long masterPutWhere) {
        return members.size();
    }

    /** What Apache would propose to its controller; the agent has rules of its own and only looks sooner. */
    @Override
    public void notifySyncStateSetChanged(Set<Long> proposed) {
        progressed.run();
    }
}
