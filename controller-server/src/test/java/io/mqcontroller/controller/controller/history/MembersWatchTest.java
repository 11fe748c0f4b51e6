package io.mqcontroller.controller.controller.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.controller.history.HistoryEvent.Kind;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MembersWatchTest {
    private final List<HistoryEvent> told = new ArrayList<>();
    private final MembersWatch watch = new MembersWatch(told::add);

    private static SortedSet<NodeId> ids(String... ids) {
        SortedSet<NodeId> set = new TreeSet<>();
        for (String id : ids) {
            set.add(new NodeId(id));
        }
        return set;
    }

    private static Configuration members(
            SortedSet<NodeId> voters, SortedSet<NodeId> outgoing, SortedSet<NodeId> learners, String... removed) {
        SortedMap<NodeId, ConfiguredMember> all = new TreeMap<>();
        for (SortedSet<NodeId> some : List.of(voters, outgoing, learners)) {
            some.forEach(id -> all.put(id, ConfiguredMember.bootstrapped(id, "")));
        }
        return new Configuration(all, voters, outgoing, learners, ids(removed));
    }

    private void look(Configuration configuration, long index, long commitIndex) {
        LogPosition last = new LogPosition(4, 100);
        watch.look(new RaftStatus(
                new NodeId("n0"),
                RoleName.FOLLOWER,
                false,
                4,
                Optional.empty(),
                commitIndex,
                commitIndex,
                last,
                100,
                LogPosition.ZERO,
                0,
                List.of(),
                StoreHealth.SOUND,
                configuration,
                index));
    }

    private List<String> whats() {
        return told.stream()
                .map(event -> event.operation().orElseThrow().what())
                .toList();
    }

    @Test
    void eachChangeIsToldOnceWithWhoBelongsToThemThen() {
        look(Configuration.NONE, 0, 0);
        look(members(ids("n0", "n1", "n2"), ids(), ids()), 0, 5);
        look(members(ids("n0", "n1", "n2"), ids(), ids("n3")), 7, 7);
        look(members(ids("n0", "n1", "n2"), ids(), ids("n3")), 7, 9);
        look(members(ids("n0", "n1", "n3"), ids("n0", "n1", "n2"), ids()), 10, 10);
        look(members(ids("n0", "n1", "n3"), ids(), ids(), "n2"), 11, 11);

        assertEquals(
                List.of(
                        "n3 joined as a learner: voters [n0, n1, n2], learners [n3]",
                        "n3 votes, n2 was removed: voters [n0, n1, n3]"),
                whats());
        assertEquals(List.of(7L, 11L), told.stream().map(HistoryEvent::index).toList());
        assertEquals(Kind.MEMBERS_CHANGED, told.get(0).kind());
    }

    @Test
    void whatIsNotCommittedMayNeverCome() {
        look(members(ids("n0", "n1"), ids(), ids()), 0, 5);
        look(members(ids("n0", "n1"), ids(), ids("n3")), 7, 6);
        look(members(ids("n0", "n1"), ids(), ids()), 0, 6);
        assertEquals(List.of(), whats());
    }
}
