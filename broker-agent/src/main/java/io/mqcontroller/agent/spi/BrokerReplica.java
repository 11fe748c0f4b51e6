package io.mqcontroller.agent.spi;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.SlaveProgress;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * One replica of a broker group, as its agent drives it.
 *
 * <p>Besides these methods the broker keeps one promise: it asks the {@link WritePermit} before it takes a write and before it
 * acknowledges one.
 *
 * <p>Threads: {@link #becomeMaster}, {@link #becomeSlave}, {@link #awaitWritesEnd} and {@link #probe} come from the agent's switch thread, one call at
 * a time, and may block. All other methods come from the agent's own thread and must return within milliseconds: while they
 * run, no lease is renewed.
 */
public interface BrokerReplica {
    /** How far the log reaches. Called for each heartbeat. */
    LogPosition position();

    /**
     * The slaves that are connected, when this replica is master; else an empty list. What a slave has reported before it cut
     * its log to this master's does not count.
     */
    List<SlaveProgress> slaves();

    /**
     * Becomes master; the permit was revoked before the call and is given again only after it has returned. On return the
     * replica's log is ready to be appended under {@code role.epoch()}, the epoch is durable as far as the broker records
     * epochs, and writes are acknowledged by {@code role.syncStateSet()}. Safe to call again with the same role after a
     * failure; called with a higher epoch when the replica is master already.
     *
     * @throws Exception if it is not master under this epoch; the agent tries again, or gives the role back
     */
    void becomeMaster(MasterRole role) throws Exception;

    /**
     * Stops being master and copies the log of another one; the permit was revoked before the call. On return no write that was
     * begun before can still be appended. Truncation of what the new master does not have may follow later. Safe to call
     * again; called with a higher epoch, or with another address, when the replica is a slave already.
     *
     * @throws Exception if it does not follow; the agent tries again
     */
    void becomeSlave(SlaveRole role) throws Exception;

    /**
     * From the return on, a write is acknowledged only when all these members hold it (if the ack rule is "all in sync"), or
     * counts them for the least number of replicas that it wants. While a change of the SyncStateSet is under way it is the union of the old
     * and the new set.
     */
    void acknowledgeBy(SortedSet<Long> members);

    /**
     * The permit is about to be paused for some hundred milliseconds, and then given again, here or to another replica: what
     * clients send until then should be kept and passed on to whoever is master then, not refused. Doing nothing is safe.
     */
    void keepSends();

    /**
     * Returns when no write that saw the permit before it was paused can be appended any more. From the agent's switch thread;
     * may block.
     *
     * @throws Exception if that is not so: the master goes on as before
     */
    void awaitWritesEnd() throws Exception;

    /** From where a slave is to copy the log, when that has changed or was not known at {@link #becomeSlave}. */
    void followHaAddress(String masterHaAddress);

    /** The rule that the configuration asks for. */
    AckRule wantedAckRule();

    /**
     * Puts a rule in force. A stronger one than the configuration's stays in force until this is called again: the controllers
     * count on it until then.
     */
    void useAckRule(AckRule rule);

    /** Tries whether the store takes writes; the reason if it doesn't, or why this replica should not be master else. */
    Optional<String> probe();

    /**
     * Asks another replica's agent over the broker's own port for clients.
     *
     * @return the answer; fails when there is none within the time
     */
    CompletionStage<byte[]> askPeer(String address, byte[] question, long timeoutMs);
}
