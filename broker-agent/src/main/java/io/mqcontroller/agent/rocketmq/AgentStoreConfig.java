package io.mqcontroller.agent.rocketmq;

import org.apache.rocketmq.store.config.MessageStoreConfig;

/**
 * The store's configuration, except that the broker acknowledges by "all in sync" until the agent has allowed less. The
 * controllers elect at once where they count on that rule, so an operator who weakens it while the broker runs must not be
 * ahead of them.
 */
final class AgentStoreConfig extends MessageStoreConfig {
    private volatile boolean weakerRuleAllowed;

    @Override
    public boolean isAllAckInSyncStateSet() {
        return super.isAllAckInSyncStateSet() || !weakerRuleAllowed;
    }

    /** What the configuration says, whatever is in force. */
    boolean wantsAllInSync() {
        return super.isAllAckInSyncStateSet();
    }

    void useAllInSync(boolean allInSync) {
        weakerRuleAllowed = !allInSync;
    }
}
