package io.mqcontroller.agent.spi;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.SlaveProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A broker of another make, as small as can be: a log in memory, no replication of its own. It shows everything that a broker
 * has to do for the agent.
 */
public final class ExampleBroker implements BrokerReplica {
    /** What a write came to. */
    public enum Outcome {
        /** Promised. */
        ACKNOWLEDGED,
        /** Not stored. */
        REFUSED,
        /** Stored, and not promised. */
        UNKNOWN
    }

    private final WritePermit permit;
    private final List<String> log = new ArrayList<>();
    private final Map<String, Function<byte[], CompletionStage<byte[]>>> peers = new ConcurrentHashMap<>();
    private final Map<Long, SlaveProgress> slaves = new ConcurrentHashMap<>();
    private int lastEpoch = -1;
    private long epochStart;
    private volatile Object role;
    private volatile SortedSet<Long> members = new TreeSet<>();
    private volatile AckRule rule = AckRule.ALL_IN_SYNC;
    private volatile boolean failsToSwitch;

    public ExampleBroker(WritePermit permit) {
        this.permit = permit;
    }

    /** What a client's write goes through; {@code replicated} waits for the replicas, however the broker does that. */
    public Outcome write(String message, Runnable replicated) {
        long ticket;
        synchronized (this) {
            // Looking and appending are one: nobody appends when becomeSlave has returned.
            ticket = permit.enter();
            if (ticket == WritePermit.REFUSED) {
                return Outcome.REFUSED;
            }
            log.add(message);
        }
        replicated.run();
        return permit.holds(ticket) ? Outcome.ACKNOWLEDGED : Outcome.UNKNOWN;
    }

    @Override
    public synchronized LogPosition position() {
        return new LogPosition(lastEpoch, epochStart, log.size(), log.size());
    }

    @Override
    public List<SlaveProgress> slaves() {
        return role instanceof MasterRole ? List.copyOf(slaves.values()) : List.of();
    }

    @Override
    public synchronized void becomeMaster(MasterRole newRole) {
        if (failsToSwitch) {
            throw new InternalError("no page, as when a disk is full");
        }
        lastEpoch = newRole.epoch();
        epochStart = log.size();
        members = newRole.syncStateSet();
        role = newRole;
    }

    @Override
    public synchronized void becomeSlave(SlaveRole newRole) {
        if (failsToSwitch) {
            throw new InternalError("no page, as when a disk is full");
        }
        role = newRole;
    }

    @Override
    public void acknowledgeBy(SortedSet<Long> newMembers) {
        members = newMembers;
    }

    @Override
    public void keepSends() {
        // Its clients try again.
    }

    @Override
    public synchronized void awaitWritesEnd() {
        // Whoever looked has appended, and nobody looks now.
    }

    @Override
    public void followHaAddress(String masterHaAddress) {
        // It does not copy.
    }

    @Override
    public AckRule wantedAckRule() {
        return AckRule.WEAKER;
    }

    @Override
    public void useAckRule(AckRule newRule) {
        rule = newRule;
    }

    @Override
    public Optional<String> probe() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<byte[]> askPeer(String address, byte[] question, long timeoutMs) {
        Function<byte[], CompletionStage<byte[]>> peer = peers.get(address);
        return peer == null
                ? CompletableFuture.failedFuture(new IllegalStateException("nobody at " + address))
                : peer.apply(question);
    }

    /** How the agent of another replica is reached. */
    public void knows(String address, Function<byte[], CompletionStage<byte[]>> agent) {
        peers.put(address, agent);
    }

    /** A slave has told how far it is. */
    public void reported(SlaveProgress slave) {
        slaves.put(slave.brokerId(), slave);
    }

    /** Makes the next switches fail, or not any more. */
    public void failToSwitch(boolean fail) {
        failsToSwitch = fail;
    }

    /** The present role; null: none. */
    public Object role() {
        return role;
    }

    /** By whom writes are acknowledged. */
    public SortedSet<Long> members() {
        return members;
    }

    /** The rule in force. */
    public AckRule rule() {
        return rule;
    }
}
