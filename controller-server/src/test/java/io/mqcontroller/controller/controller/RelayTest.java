package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.core.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows 18, 40 and 42: a broker that reaches only a follower lives. */
class RelayTest {
    private final CoreHarness leader = CoreHarness.leading();
    private final CoreHarness follower = new CoreHarness();
    private final Broker master = leader.broker("g", 1);

    @BeforeEach
    void aGroupOfTwo() {
        leader.group("g", 2);
        follower.nowMs = 5_000_000; // clocks of two machines have nothing in common
        follower.follow(CoreHarness.OTHER);
    }

    /** Both controllers live through this time; what the follower sends arrives. */
    private void pass(long ms) {
        for (long passed = 0; passed < ms; passed += 10) {
            follower.pass(10);
            carry();
            leader.pass(10);
        }
    }

    private void carry() {
        for (FakeConsensus.Sent sent : follower.raft.sent) {
            assertEquals(CoreHarness.OTHER, sent.to());
            leader.deliver(new ControllerEvent.Relayed(CoreHarness.OTHER, sent.payload()));
        }
        follower.raft.sent.clear();
    }

    private void onlyTheFollowerHears(Broker b) {
        b.beating = false;
        Broker there = new Broker(b.group, b.id, 300 + b.id);
        there.address = b.address;
        follower.brokers.put("g/" + b.id, there);
    }

    @Test
    void masterThatOnlyAFollowerHearsStays() {
        onlyTheFollowerHears(master);
        pass(2_000);
        leader.close(master.connection);
        pass(20_000);
        assertEquals(1, leader.group("g").masterEpoch());
        assertTrue(leader.info("g").value().masterAlive());
    }

    @Test
    void masterIsDeadSoonAfterTheLastControllerLostIt() {
        onlyTheFollowerHears(master);
        pass(2_000);
        leader.close(master.connection);
        Broker there = follower.brokers.get("g/1");
        there.beating = false;
        follower.close(there.connection);
        pass(100);
        assertEquals(Optional.of(new BrokerId(2)), leader.group("g").master());
    }

    @Test
    void pathThatHasFallenSilentKeepsNobodyAlive() {
        onlyTheFollowerHears(master);
        pass(2_000);
        follower.brokers.get("g/1").beating = false; // the follower froze: it neither relays nor closes
        master.beating = true;
        leader.pass(5_000);
        leader.kill(master);
        leader.pass(60);
        assertEquals(Optional.of(new BrokerId(2)), leader.group("g").master());
    }

    @Test
    void masterThatDiesJustAfterAControllerIsNoticedWhenThePathThroughItIsOverdue() {
        onlyTheFollowerHears(master);
        master.beating = true;
        pass(2_000);
        follower.brokers.get("g/1").beating = false; // the follower died: it neither relays nor closes
        leader.pass(1_000);
        leader.kill(master);
        leader.pass(3_000);
        assertEquals(Optional.of(new BrokerId(2)), leader.group("g").master());
    }

    @Test
    void newLeaderIsToldOfEveryoneWhoIsConnected() {
        onlyTheFollowerHears(master);
        follower.follow(null);
        follower.pass(3_000);
        follower.raft.sent.clear();
        follower.brokers.get("g/1").beating = false;
        follower.follow(CoreHarness.OTHER);
        follower.pass(60);
        assertEquals(1, follower.raft.sent.size());
    }

    @Test
    void manyHeartbeatsOfOneReplicaAreRelayedAsOne() throws Exception {
        Broker there = new Broker(CoreHarness.key("g"), 1, 300);
        for (int i = 0; i < 100; i++) {
            there.maxOffset = i;
            follower.core.turn(
                    follower.nowMs, List.of(new ControllerEvent.HeartbeatReceived(follower.heartbeatOf(there))));
        }
        follower.pass(60);
        int relayed = 0;
        for (FakeConsensus.Sent sent : follower.raft.sent) {
            relayed += RelayCodec.decode(sent.payload(), 0).heartbeats().size();
        }
        assertTrue(relayed <= 2, relayed + " relayed");
    }

    @Test
    void relayThatCannotBeReadHarmsNobody() {
        leader.deliver(new ControllerEvent.Relayed(CoreHarness.OTHER, Bytes.utf8("nonsense")));
        leader.pass(1_000);
        assertEquals(1, leader.group("g").masterEpoch());
        assertTrue(leader.observer.failures.isEmpty());
    }
}
