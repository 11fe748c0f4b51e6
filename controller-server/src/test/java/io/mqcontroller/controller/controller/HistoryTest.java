package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.history.HistoryEvent.Kind;
import io.mqcontroller.controller.controller.replication.RecentStates;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people are told of what has changed. */
class HistoryTest {
    private final CoreHarness h = CoreHarness.leading();

    private List<HistoryEvent> of(Kind kind) {
        return h.history.stream().filter(event -> event.kind() == kind).toList();
    }

    private HistoryEvent last(Kind kind) {
        List<HistoryEvent> found = of(kind);
        return found.get(found.size() - 1);
    }

    @Test
    void anElectionIsToldWithWhatItWasDecidedOnAndHowLongItTook() {
        Agents agents = new Agents(h);
        List<Agent> both = agents.group("g", 2);
        both.forEach(agent -> agent.beat().value());
        both.get(0).kill();
        h.pass(1_500);
        both.get(1).beat().value();
        h.pass(1_000);

        HistoryEvent election = last(Kind.MASTER_CHANGED);

        assertEquals(Optional.of(new BrokerId(1)), election.before().master());
        assertEquals(Optional.of(new BrokerId(2)), election.after().master());
        assertEquals("master dead", election.cause());
        assertEquals(CoreHarness.ids(1, 2), election.before().syncStateSet().members());
        assertEquals(CoreHarness.ids(2), election.after().syncStateSet().members());
        List<String> inputs = election.decision().orElseThrow().inputs();
        assertTrue(inputs.get(0).startsWith("1, in sync: no heartbeat for "), inputs.toString());
        assertTrue(inputs.get(1).startsWith("2, in sync: alive"), inputs.toString());
        long tookMs = election.decision().orElseThrow().durationMs().orElseThrow();
        // From when the death was noticed until the lease was over.
        assertTrue(tookMs > 1_000 && tookMs <= Agents.COUNTED_MS, "took " + tookMs);
    }

    @Test
    void theTimeWithoutAMasterCountsUntilSomebodyIsFound() {
        h.group("g", 1);
        h.kill(h.broker("g", 1));
        h.pass(5_000);
        assertEquals(Optional.empty(), last(Kind.MASTER_CHANGED).after().master());

        h.broker("g", 1).connection = 77;
        h.broker("g", 1).beating = true;
        h.pass(2_000);

        HistoryEvent back = last(Kind.MASTER_CHANGED);
        assertEquals("master missing", back.cause());
        assertTrue(back.decision().orElseThrow().durationMs().orElseThrow() >= 4_000, back.toString());
    }

    @Test
    void aChangeOfTheSetIsToldWithItsCause() {
        h.group("g", 2);
        HistoryEvent grown = last(Kind.SYNC_STATE_SET_CHANGED);
        assertEquals("slave caught up", grown.cause());
        assertEquals(CoreHarness.ids(1), grown.before().syncStateSet().members());
        assertEquals(CoreHarness.ids(1, 2), grown.after().syncStateSet().members());

        h.alter(
                        "g",
                        1,
                        h.group("g").masterEpoch(),
                        CoreHarness.ids(1),
                        h.group("g").syncStateSet().epoch())
                .value();
        assertEquals("slave is behind", last(Kind.SYNC_STATE_SET_CHANGED).cause());

        h.kill(h.broker("g", 2));
        h.pass(1_000);
        h.clean("g", false, 2).value();
        assertEquals("operator removed {2}", last(Kind.REPLICAS_REMOVED).cause());
    }

    @Test
    void aDrainAndItsEndAreTold() {
        h.group("g", 2);
        drain(true);
        drain(true);
        drain(false);

        HistoryEvent begun = of(Kind.REPLICA_DRAINED).get(0);
        assertEquals(1, of(Kind.REPLICA_DRAINED).size(), "asking again changes nothing");
        assertEquals(Optional.of(CoreHarness.key("g")), begun.group());
        assertEquals(
                Optional.of(new BrokerId(2)), begun.operation().orElseThrow().replica());
        assertEquals("operator", begun.cause());
        assertEquals(Optional.of(new BrokerId(1)), begun.after().master());
        assertEquals(1, of(Kind.REPLICA_UNDRAINED).size());
    }

    @Test
    void aMachineWithManyReplicasIsOneEvent() {
        for (int i = 0; i < 51; i++) {
            h.group("g" + i, 1);
        }
        String machine = hostOf("g0");
        h.ask(UseCases::drain, new ControllerService.Drain(Optional.empty(), Optional.empty(), machine, true))
                .value();

        HistoryEvent told = last(Kind.REPLICA_DRAINED);
        assertEquals(1, of(Kind.REPLICA_DRAINED).size());
        assertEquals(Optional.empty(), told.group());
        assertEquals("51 replicas", told.operation().orElseThrow().what());
    }

    private String hostOf(String group) {
        String address = h.group(group).replicas().get(new BrokerId(1)).address();
        return address.substring(0, address.lastIndexOf(':'));
    }

    private void drain(boolean drained) {
        h.ask(
                        UseCases::drain,
                        new ControllerService.Drain(
                                Optional.of(CoreHarness.key("g")), Optional.of(new BrokerId(2)), "", drained))
                .value();
    }

    @Test
    void whoOnlyFollowsKnowsWhatButNotWhy() {
        CoreHarness follower = new CoreHarness();
        follower.follow(CoreHarness.OTHER);
        h.group("g", 1);
        follower.deliver(new ControllerEvent.Committed(h.raft.log));

        HistoryEvent leader = follower.history.get(0);
        assertEquals(Optional.of(CoreHarness.OTHER), leader.leader());
        HistoryEvent election = follower.history.get(follower.history.size() - 1);
        assertEquals(Kind.MASTER_CHANGED, election.kind());
        assertEquals(Optional.empty(), election.decision());
        assertFalse(election.replayed());
        HistoryEvent same = last(Kind.MASTER_CHANGED);
        assertEquals(same.index(), election.index());
        assertEquals(same.ordinal(), election.ordinal());
    }

    @Test
    void whatIsReadBackFromTheOwnLogHasNoTime() {
        h.group("g", 1);
        CoreHarness restarted = new CoreHarness();
        restarted.deliver(new ControllerEvent.Committed(h.raft.log));
        assertTrue(restarted.history.stream().allMatch(HistoryEvent::replayed));

        EventHistory seen = new EventHistory(2, () -> 42);
        restarted.history.forEach(seen::add);
        seen.add(h.history.get(0));
        assertEquals(2, seen.all().size());
        assertEquals(0, seen.all().get(0).atWallMs());
        assertEquals(42, seen.all().get(1).atWallMs());
    }

    @Test
    void statesOfTheNewestEntriesCanBeCompared() {
        h.group("g", 2);
        long index = of(Kind.MASTER_CHANGED).get(0).index();
        List<Optional<ReplicatedState>> states = new ArrayList<>();
        h.deliver(
                new ControllerEvent.StateAt(0, states::add),
                new ControllerEvent.StateAt(index, states::add),
                new ControllerEvent.StateAt(index - 1, states::add));

        assertEquals(Optional.of(h.core.state()), states.get(0));
        ReplicatedState then = states.get(1).orElseThrow();
        assertEquals(
                1, then.metadata().group(CoreHarness.key("g")).orElseThrow().masterEpoch());
        assertTrue(states.get(2).orElseThrow().sequence() < then.sequence());
        RecentStates few = new RecentStates(1);
        few.add(5, then);
        assertEquals(Optional.empty(), few.upTo(4));
    }
}
