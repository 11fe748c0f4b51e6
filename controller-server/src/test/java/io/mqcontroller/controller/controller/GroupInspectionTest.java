package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators are told of groups. */
class GroupInspectionTest {
    private final CoreHarness h = CoreHarness.leading();

    private GroupDetails.Page ask(String name, Optional<GroupKey> after, int limit) {
        return h.ask(UseCases::groups, new GroupQuery("", name, after, limit)).value();
    }

    private GroupDetails details(String name) {
        return ask(name, Optional.empty(), 0).groups().get(0);
    }

    @Test
    void aSoundGroupHasNoTroubleAndAllInItsSetAreElectable() {
        h.group("g", 2);
        h.pass(1_500);

        GroupDetails found = details("g");

        assertEquals("", found.trouble());
        for (GroupDetails.OfReplica replica : found.replicas()) {
            assertTrue(replica.report().alive());
            assertTrue(replica.report().silentMs() <= 1_000, replica.toString());
            assertEquals(List.of(CoreHarness.SELF), replica.heardThrough());
            assertEquals(10_000, replica.timeoutMs());
            assertEquals("", replica.notElectable());
        }
    }

    @Test
    void whyNobodyCanBeElectedIsToldForTheGroupAndForEach() {
        h.group("g", 3);
        h.alter(
                        "g",
                        1,
                        h.group("g").masterEpoch(),
                        CoreHarness.ids(1, 2),
                        h.group("g").syncStateSet().epoch())
                .value();
        h.kill(h.broker("g", 2));
        h.pass(5_000);
        h.kill(h.broker("g", 1));
        h.pass(1_000);

        GroupDetails found = details("g");

        assertTrue(found.trouble().contains("SyncStateSet {1, 2} is dead"), found.trouble());
        assertTrue(found.replicas().get(0).notElectable().startsWith("no heartbeat for"), found.toString());
        assertTrue(
                found.replicas().get(2).notElectable().startsWith("it is not in the SyncStateSet"), found.toString());
        assertEquals(List.of(), found.replicas().get(0).heardThrough());
    }

    @Test
    void theLeaseOfAMasterThatDiedIsNamedAsWhatHoldsTheElectionUp() {
        Agents agents = new Agents(h);
        List<Agent> both = agents.group("g", 2);
        both.forEach(agent -> agent.beat().value());
        assertEquals(Agents.COUNTED_MS, details("g").leaseLeftMs());
        assertEquals(
                AgentRole.MASTER,
                details("g").replicas().get(0).agent().orElseThrow().role());

        both.get(0).kill();
        h.pass(500);

        assertTrue(
                details("g").trouble().contains("by its lease; then somebody else is elected"),
                details("g").trouble());
        both.get(1).beat().value();
        h.pass(1_900);
        assertEquals("", details("g").trouble());
    }

    @Test
    void pagesFollowEachOtherWithoutGapsAndTwins() {
        for (String name : List.of("a", "b", "c")) {
            h.group(name, 1);
        }

        GroupDetails.Page first = ask("", Optional.empty(), 2);
        GroupDetails.Page second = ask("", Optional.of(CoreHarness.key("b")), 2);

        assertTrue(first.more());
        assertEquals(List.of("a", "b"), names(first));
        assertFalse(second.more());
        assertEquals(List.of("c"), names(second));
        assertEquals(List.of("b"), names(ask("b", Optional.empty(), 0)));
    }

    private static List<String> names(GroupDetails.Page page) {
        return page.groups().stream()
                .map(found -> found.group().key().brokerName())
                .toList();
    }

    @Test
    void aRemovalThatIsOnlyTriedChangesNothing() {
        h.group("g", 2);
        h.kill(h.broker("g", 2));
        h.pass(1_000);

        h.ask(UseCases::cleanBrokers, new CleanBrokers(CoreHarness.ref("g"), CoreHarness.ids(2), false, true))
                .value();
        assertEquals(2, h.group("g").replicas().size());
        assertEquals(
                Refusal.CLEAN_REFUSED,
                h.ask(UseCases::cleanBrokers, new CleanBrokers(CoreHarness.ref("g"), CoreHarness.ids(1), false, true))
                        .refusal());

        h.clean("g", false, 2).value();
        assertEquals(1, h.group("g").replicas().size());
    }
}
