package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rows 33, 35 and 39. */
class IdentityTest {
    private final CoreHarness h = CoreHarness.leading();

    @Test
    void idIsTakenOnceAndItsOwnersRetryChangesNothing() {
        Broker one = h.broker("g", 1);
        h.apply(one).value();
        h.apply(one).value();
        assertEquals(1, h.raft.log.size());
        Broker other = new Broker(CoreHarness.key("g"), 1, 99);
        assertEquals(Refusal.BROKER_ID_TAKEN, h.apply(other).refusal());
        assertEquals(Refusal.BROKER_ID_TAKEN, h.apply(h.broker("g", 3)).refusal());
        h.apply(h.broker("g", 2)).value();
        assertEquals(3, h.group("g").nextBrokerId());
    }

    @Test
    void copyOfALivingBrokerIsRefusedAndTheFirstOneKept() {
        h.group("g", 2);
        h.pass(1_000);
        Broker original = h.broker("g", 1);
        Broker copy = new Broker(CoreHarness.key("g"), 1, 99);
        assertEquals(Refusal.BROKER_ID_TAKEN, h.register(copy).refusal());
        copy.maxOffset = 1;
        h.beat(copy);
        assertEquals(1, h.observer.heartbeatsRefused);
        assertEquals(
                original.address, h.group("g").replicas().get(new BrokerId(1)).address());
        h.pass(15_000);
        assertEquals(1, h.group("g").masterEpoch());
    }

    @Test
    void brokerThatMovedIsTheSameReplicaAtANewAddress() {
        h.group("g", 2);
        Broker two = h.broker("g", 2);
        h.kill(two);
        two.connection = 40;
        two.address = "10.0.0.9:10911";
        assertTrue(h.register(two).value().masterAlive());
        assertEquals(
                "10.0.0.9:10911", h.group("g").replicas().get(new BrokerId(2)).address());
        assertEquals(ids(1, 2), h.group("g").syncStateSet().members());
    }

    @Test
    void brokerThatLostItsDiskLearnsWhyTheGroupHasNoMaster() {
        h.group("g", 1);
        h.kill(h.broker("g", 1));
        h.pass(34_000);
        Broker fresh = h.broker("g", 2);
        h.apply(fresh).value();
        h.register(fresh).value();
        h.beat(fresh);
        var refused = h.electFor(fresh);
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, refused.refusal());
        assertTrue(
                refused.message()
                        .startsWith("no eligible replica in C/g: SyncStateSet {1} is dead (1: no heartbeat for 3"),
                refused.message());
        assertEquals(1, h.observer.nobody.size());
    }

    @Test
    void sameNameInTwoClustersIsTwoGroups() {
        h.group("g", 1);
        Broker elsewhere = new Broker(new GroupKey("D", "g"), 1, 70);
        h.apply(elsewhere).value();
        h.beat(elsewhere);
        h.electFor(elsewhere).value();
        var refused = h.info("g");
        assertEquals(Refusal.AMBIGUOUS_GROUP, refused.refusal());
        assertTrue(refused.message().contains("C/g, D/g"), refused.message());
        GroupRef own = new GroupRef(Optional.empty(), "g", new ConnectionId(70));
        assertEquals(
                "D",
                h.<GroupRef, RoleView>ask(UseCases::replicaInfo, own)
                        .value()
                        .group()
                        .key()
                        .cluster());
        assertEquals(
                Refusal.AMBIGUOUS_GROUP,
                h.ask(UseCases::syncStateData, new UseCases.NamedGroups(List.of("g"), new ConnectionId(999)))
                        .refusal());
    }

    @Test
    void namesThatMakeNoSenseAreRefusedBeforeTheLog() {
        for (GroupKey key :
                List.of(new GroupKey("", "g"), new GroupKey("C", " "), new GroupKey("C", "g".repeat(300)))) {
            assertEquals(Refusal.BAD_REQUEST, h.ask(UseCases::nextBrokerId, key).refusal());
            assertEquals(
                    Refusal.BAD_REQUEST,
                    h.ask(UseCases::register, new Register(key, new BrokerId(1), "a:1", new ConnectionId(1)))
                            .refusal());
        }
        assertEquals(
                Refusal.BAD_REQUEST,
                h.register(new Broker(CoreHarness.key("g"), Long.MAX_VALUE, 1)).refusal());
        TreeSet<BrokerId> many = new TreeSet<>();
        for (long id = 1; id <= 2_000; id++) {
            many.add(new BrokerId(id));
        }
        assertEquals(Refusal.BAD_REQUEST, h.alter("g", 1, 1, many, 1).refusal());
        assertEquals(0, h.raft.log.size());
    }

    @Test
    void followerSaysWhoLeads() {
        CoreHarness follower = new CoreHarness();
        follower.follow(CoreHarness.OTHER);
        assertEquals(
                new Reply.NotLeader<RoleView>(Optional.of(CoreHarness.OTHER)),
                follower.info("g").get());
    }

    @Test
    void moreAnswersThanMayWaitAreRefusedByName() {
        h.group("g", 1);
        h.commits = false;
        int limit = ControllerSettings.DEFAULT.maxWaitingAnswers();
        ControllerEvent[] asks = new ControllerEvent[limit];
        for (int i = 0; i < limit; i++) {
            asks[i] = new ControllerEvent.Ask<GroupRef, RoleView>(
                    UseCases::replicaInfo, CoreHarness.ref("g"), reply -> {});
        }
        h.deliver(asks);
        assertEquals(Refusal.OVERLOADED, h.info("g").refusal());
    }
}
