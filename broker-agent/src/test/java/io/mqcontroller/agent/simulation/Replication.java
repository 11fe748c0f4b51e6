package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.EpochHistory;
import io.mqcontroller.agent.core.SlaveProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Both ends of the copying of a log: what a master sends to each slave, and what a slave takes in. */
final class Replication {
    private static final int BATCH = 50;
    /** A master that has nothing to send says within this under which epoch its next message will be. */
    private static final long IDLE_US = 5_000_000;

    private final SimBroker broker;
    private final BrokerLog log;
    private final SortedMap<Long, Session> sessions = new TreeMap<>();
    private SimNetwork.Link upstream;
    private String upstreamAddress = "";
    private boolean aligned;
    private int confirmed;

    /** A slave as its master sees it, over one connection. */
    private static final class Session {
        final SimBroker slave;
        final long slaveId;
        final boolean learner;
        final SimNetwork.Link link;
        int acked = -1;
        int sent = -1;
        boolean open = true;

        Session(SimBroker slave, long slaveId, boolean learner, SimNetwork.Link link) {
            this.slave = slave;
            this.slaveId = slaveId;
            this.learner = learner;
            this.link = link;
        }
    }

    Replication(SimBroker broker, BrokerLog log) {
        this.broker = broker;
        this.log = log;
    }

    // ---- the master's end

    /** All slaves must come again, and align their logs with what this one is then. */
    void dropSlaves() {
        sessions.values().forEach(session -> {
            session.open = false;
            session.link.close(broker);
        });
        sessions.clear();
    }

    private void onHello(SimNetwork.Link link, long slave, boolean learner, SimBroker from) {
        if (!broker.isMaster()) {
            link.close(broker);
            return;
        }
        Session session = new Session(from, slave, learner, link);
        Session old = sessions.put(slave, session);
        if (old != null) {
            old.open = false;
            old.link.close(broker);
        }
        link.onOtherLost(() -> {
            session.open = false;
            broker.onSlaves();
        });
        List<EpochHistory.Start> epochs = log.epochs();
        int size = log.size();
        link.send(broker, () -> from.replication().onEpochs(link, epochs, size, this));
        broker.after(broker.chance.between(0, IDLE_US), () -> sendWhenIdle(session));
    }

    private void onAck(SimNetwork.Link link, int acked) {
        for (Session session : List.copyOf(sessions.values())) {
            if (session.link == link && session.open && broker.isMaster()) {
                session.acked = Math.max(session.acked, acked);
                session.sent = Math.max(session.sent, acked);
                sendNew(session);
                broker.onSlaveProgress();
            }
        }
    }

    void sendNew() {
        sessions.values().forEach(this::sendNew);
    }

    private void sendNew(Session session) {
        if (!session.open || session.sent < 0 || session.sent >= log.size() || session.sent - session.acked > BATCH) {
            return;
        }
        send(session, log.from(session.sent, BATCH));
    }

    private void sendWhenIdle(Session session) {
        if (session.open && broker.isMaster() && session.sent >= 0 && session.sent == log.size()) {
            send(session, List.of());
        }
    }

    private void send(Session session, List<Long> batch) {
        int from = session.sent;
        EpochHistory.Start epoch = log.epochOf(from);
        if (epoch == null) {
            return;
        }
        session.sent = from + batch.size();
        int confirm = broker.confirmOffset();
        session.link.send(
                broker, () -> session.slave.replication().onTransfer(session.link, epoch, from, batch, confirm));
    }

    int acked(long slave) {
        Session session = sessions.get(slave);
        return session == null ? -1 : session.acked;
    }

    List<SlaveProgress> progress() {
        List<SlaveProgress> all = new ArrayList<>();
        sessions.values().forEach(s -> all.add(new SlaveProgress(s.slaveId, s.open, s.acked, s.learner)));
        return all;
    }

    // ---- the slave's end

    int confirmed() {
        return Math.min(confirmed, log.size());
    }

    /** Its log is a beginning of the one of the master that it follows. */
    boolean isAligned() {
        return aligned;
    }

    void follow(String address) {
        upstreamAddress = address;
        stopFollowing();
        connect();
    }

    void stopFollowing() {
        aligned = false;
        if (upstream != null) {
            upstream.close(broker);
            upstream = null;
        }
    }

    private void connect() {
        if (!broker.isSlave() || upstream != null) {
            return;
        }
        SimBroker master = broker.at(upstreamAddress);
        if (master == null) {
            reconnectLater();
            return;
        }
        long id = broker.brokerId();
        boolean learner = broker.isLearner();
        SimNetwork.Link[] own = new SimNetwork.Link[1];
        own[0] = broker.simulation
                .network()
                .dial(broker, master, link -> master.replication().onHello(link, id, learner, broker), () -> {
                    if (upstream == own[0]) {
                        upstream = null;
                        aligned = false;
                        reconnectLater();
                    }
                });
        upstream = own[0];
    }

    private void reconnectLater() {
        broker.after(broker.chance.between(50_000, 300_000), this::connect);
    }

    private void onEpochs(SimNetwork.Link link, List<EpochHistory.Start> epochs, int size, Replication master) {
        if (link != upstream || !broker.isSlave()) {
            return;
        }
        OptionalInt keep = log.agreesUntil(epochs, size);
        if (keep.isEmpty()) {
            broker.simulation.count(Counter.WIPED);
            broker.simulation.note(broker.name, "has no epoch in common: " + log.epochs() + " and " + epochs);
            log.wipe();
            keep = OptionalInt.of(0);
        }
        if (keep.getAsInt() < log.size()) {
            broker.simulation.count(Counter.TRUNCATED);
            broker.simulation.note(broker.name, "cuts its log from " + log.size() + " to " + keep.getAsInt());
            log.truncateTo(keep.getAsInt());
        }
        aligned = true;
        acknowledge(link, master, keep.getAsInt());
    }

    private void onTransfer(SimNetwork.Link link, EpochHistory.Start epoch, int from, List<Long> batch, int confirm) {
        if (link != upstream || !aligned || !broker.isSlave()) {
            return;
        }
        if (from != log.size()) {
            throw new AssertionError(broker.name + " is at " + log.size() + " and is sent what begins at " + from);
        }
        log.learnEpoch(epoch);
        broker.checkEpochs(epoch.epoch());
        log.append(batch);
        confirmed = Math.max(confirmed, confirm);
        acknowledge(link, broker.at(upstreamAddress).replication(), log.size());
    }

    private void acknowledge(SimNetwork.Link link, Replication master, int size) {
        link.send(broker, () -> master.onAck(link, size));
    }
}
