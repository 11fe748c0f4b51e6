package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.core.BrokerReport;
import io.mqcontroller.agent.core.Identity;
import io.mqcontroller.agent.simulation.invariant.Broker;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.Chance;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;

/** A broker, modelled on the level of messages: its store, its role, and how it changes that. */
final class SimBroker extends SimProcess implements Broker {
    private final GroupKey group;
    private final AgentSettings settings;
    private final BrokerLog log;
    private Optional<Identity> identityFile = Optional.empty();
    private AckRule wantedRule;
    private boolean withAgent;
    private String unfit = "";
    private boolean epochsMistaken;

    // What follows is of one life.
    private BrokerControl control;
    private Replication replication;
    private Writes writes;
    private Role role = Role.NONE;
    private boolean leading;
    private int roleEpoch;
    private int epochStart;

    private enum Role {
        NONE,
        SWITCHING,
        MASTER,
        SLAVE
    }

    SimBroker(Simulation simulation, GroupKey group, int number, boolean learner, AckRule rule, Chance chance) {
        super(simulation, group.brokerName() + "/" + number, chance);
        this.group = group;
        this.wantedRule = rule;
        log = new BrokerLog();
        Mixture mixture = simulation.plan().mixture();
        withAgent = learner || mixture.isNone() || !chance.permille(mixture.permille());
        AgentSettings sound = AgentSettings.defaults(group.cluster(), group.brokerName(), name, name);
        Plan plan = simulation.plan();
        settings = new AgentSettings(
                sound.cluster(),
                sound.brokerName(),
                name,
                name,
                number,
                learner,
                plan.mode(),
                sound.leaseMs(),
                plan.heartbeatIntervalMs(),
                plan.heartbeatTimeoutMs(),
                sound.syncBrokerMetadataPeriodMs(),
                sound.syncControllerMetadataPeriodMs(),
                sound.checkSyncStateSetPeriodMs(),
                plan.haMaxTimeSlaveNotCatchupMs(),
                sound.haConnectionLossGraceMs(),
                sound.requestTimeoutMs());
    }

    // ---- life

    @Override
    void begin() {
        replication = new Replication(this, log);
        writes = new Writes(this, log, replication);
        role = Role.NONE;
        leading = false;
        roleEpoch = 0;
        epochStart = 0;
        if (withAgent) {
            log.goBy(simulation.mutant().epochRule());
            control = new AgentControl(this, settings);
        } else {
            log.goBy(BrokerLog.EpochRule.ROCKETMQ);
            control = new RocketMqControl(this, settings);
        }
        control.begin();
    }

    @Override
    void end() {
        control = null;
        writes.abandon();
        simulation.count(Counter.CRASHES);
        if (chance.permille(simulation.plan().lossyPermille()) && !simulation.isHealed()) {
            int size = log.size();
            int kept = (int) chance.between(Math.max(0, size - 20), size);
            simulation.count(Counter.LOSSY_CRASHES);
            simulation.note(name, "loses its log from " + kept + " on, of " + size);
            log.truncateTo(kept);
            simulation.invariants().onLogLost(this, size);
        }
    }

    /** The process is asked to end. */
    void stop() {
        if (control != null) {
            control.stop();
        }
    }

    /** It has put its affairs in order. */
    void endSoon() {
        after(1_000, () -> {
            crash();
            move();
            if (simulation.isHealed()) {
                start();
            }
        });
    }

    /** An operator may start it with an agent that it had not, or without the one that it had. */
    private void move() {
        Mixture mixture = simulation.plan().mixture();
        if (!isLearner() && !mixture.isNone() && chance.permille(mixture.movePermille())) {
            withAgent = !withAgent;
            simulation.note(name, withAgent ? "gets an agent" : "loses its agent");
        }
    }

    void wantRule(AckRule other) {
        wantedRule = other;
    }

    /** From now on the store or the tables have this trouble; empty: none. */
    void suffers(String trouble) {
        unfit = trouble;
    }

    void keep(Identity identity) {
        identityFile = Optional.of(identity);
    }

    /** The id that was applied for is somebody else's. */
    void forgetIdentity() {
        identityFile = Optional.empty();
    }

    // ---- clients and slaves

    /** A client's message has come in. */
    void write(long number) {
        writes.write(number);
    }

    /** A slave's connection is there, or gone, or the slave has more than before. */
    void onSlaves() {
        if (control != null) {
            control.look();
        }
    }

    void onSlaveProgress() {
        writes.acknowledge();
        onSlaves();
    }

    // ---- its role

    /** @param switched told whether it is master now */
    void becomeMaster(int epoch, SortedSet<Long> syncStateSet, Consumer<Boolean> switched) {
        boolean wasLeading = leading;
        beginSwitch();
        switchLater(switched, () -> {
            role = Role.MASTER;
            leading = true;
            roleEpoch = epoch;
            if (wasLeading && withAgent) {
                log.continueUnder(epoch);
            } else {
                log.beginEpoch(epoch);
                checkEpochs(epoch);
            }
            epochStart = log.size();
            writes.begin(AckRule.ALL_IN_SYNC, syncStateSet);
            simulation.count(Counter.MASTERS);
            simulation.invariants().onMaster(this);
        });
    }

    /** @param switched told whether it is a slave now */
    void becomeSlave(int epoch, String haAddress, Consumer<Boolean> switched) {
        beginSwitch();
        switchLater(switched, () -> {
            role = Role.SLAVE;
            roleEpoch = epoch;
            if (withAgent) {
                log.forgetEpochsBehindTheEnd();
            }
            replication.follow(haAddress);
        });
    }

    /** Without an agent its epoch file may say what is not so, and then its log may be another than the group's for good. */
    void checkEpochs(int epoch) {
        if (!withAgent && log.isMistakenAbout(epoch)) {
            epochsMistaken = true;
            simulation.count(Counter.EPOCHS_MISTAKEN);
            simulation.invariants().onEpochMistaken(this);
        }
    }

    /** Whether it ever went by an epoch file that says what is not so. */
    boolean wereEpochsMistaken() {
        return epochsMistaken;
    }

    private void beginSwitch() {
        role = Role.SWITCHING;
        leading = false;
        writes.abandon();
        replication.dropSlaves();
        replication.stopFollowing();
    }

    private void switchLater(Consumer<Boolean> switched, Runnable change) {
        long tookUs = chance.between(500, simulation.plan().switchMaxMs() * 1_000);
        boolean fails = withAgent
                && !simulation.isHealed()
                && chance.permille(simulation.plan().switchFailPermille());
        after(tookUs, () -> {
            if (fails) {
                role = Role.NONE;
                simulation.count(Counter.SWITCHES_FAILED);
            } else {
                change.run();
            }
            switched.accept(!fails);
        });
    }

    // ---- what others may see

    /** As its agent is told. */
    BrokerReport report() {
        return new BrokerReport(
                log.lastEpoch(),
                log.size(),
                confirmOffset(),
                epochStart,
                wantedRule,
                unfit,
                isMaster() ? replication.progress() : List.of());
    }

    AckRule wantedRule() {
        return wantedRule;
    }

    int confirmOffset() {
        return writes.confirmOffset();
    }

    @Override
    public boolean isMaster() {
        return role == Role.MASTER;
    }

    @Override
    public boolean isSlave() {
        return role == Role.SLAVE;
    }

    @Override
    public boolean isLearner() {
        return settings.learner();
    }

    @Override
    public boolean hasAgent() {
        return withAgent;
    }

    @Override
    public int roleEpoch() {
        return roleEpoch;
    }

    @Override
    public long brokerId() {
        return identityFile.filter(Identity::isFinal).map(Identity::brokerId).orElse(0L);
    }

    @Override
    public GroupKey group() {
        return group;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int logSize() {
        return log.size();
    }

    @Override
    public boolean holds(int offset, long message) {
        return log.holds(offset, message);
    }

    @Override
    public long messageAt(int offset) {
        return log.get(offset);
    }

    Optional<Identity> identity() {
        return identityFile;
    }

    BrokerLog log() {
        return log;
    }

    Replication replication() {
        return replication;
    }

    Writes writes() {
        return writes;
    }

    /** Null while the process does not run. */
    BrokerControl control() {
        return control;
    }

    Optional<AgentStatus> status() {
        return control instanceof AgentControl agent ? Optional.of(agent.status()) : Optional.empty();
    }

    SimBroker at(String address) {
        return simulation.broker(address);
    }
}
