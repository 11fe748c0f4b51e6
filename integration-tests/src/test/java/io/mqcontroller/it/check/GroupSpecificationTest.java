package io.mqcontroller.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.check.GroupAnswer.Applied;
import io.mqcontroller.it.check.GroupAnswer.NextId;
import io.mqcontroller.it.check.GroupAnswer.Reason;
import io.mqcontroller.it.check.GroupAnswer.Refused;
import io.mqcontroller.it.check.GroupAnswer.Roles;
import io.mqcontroller.it.check.GroupRequest.Alter;
import io.mqcontroller.it.check.GroupRequest.ApplyBrokerId;
import io.mqcontroller.it.check.GroupRequest.Designate;
import io.mqcontroller.it.check.GroupRequest.NextBrokerId;
import io.mqcontroller.it.check.GroupRequest.Read;
import io.mqcontroller.it.check.GroupRequest.Register;
import io.mqcontroller.raft.linearizability.LinearizabilityChecker;
import io.mqcontroller.raft.linearizability.Operation;
import io.mqcontroller.raft.linearizability.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GroupSpecificationTest {
    private static final String GROUP = "g";

    private final LinearizabilityChecker<GroupState, GroupRequest, GroupAnswer> checker =
            new LinearizabilityChecker<>(new GroupSpecification(Map.of()));

    /** Calls one after the other, after a beginning in which replicas 1 to 3 apply, 1 is elected, and all are in sync. */
    private static final class Story {
        private final List<Operation<GroupRequest, GroupAnswer>> operations = new ArrayList<>();
        private long now;

        static Story begun() {
            return new Story()
                    .then(new ApplyBrokerId(GROUP, 1, "a"), new Applied())
                    .then(new ApplyBrokerId(GROUP, 2, "b"), new Applied())
                    .then(new ApplyBrokerId(GROUP, 3, "c"), new Applied())
                    .then(new Designate(GROUP, 1), roles(1, 1, set(1), 1))
                    .then(new Alter(GROUP, 1, 1, set(1, 2, 3), 1), roles(1, 1, set(1, 2, 3), 2));
        }

        Story then(GroupRequest request, GroupAnswer answer) {
            operations.add(Operation.answered(operations.size(), request, answer, ++now, ++now));
            return this;
        }

        Story thenRefused(GroupRequest request, Reason reason) {
            return then(request, new Refused(reason));
        }

        Story lost(GroupRequest request) {
            operations.add(Operation.unknown(operations.size(), request, ++now));
            return this;
        }

        Story thenShows(GroupAnswer answer) {
            return then(new Read(GROUP), answer);
        }
    }

    private static SortedSet<Long> set(long... ids) {
        SortedSet<Long> set = new TreeSet<>();
        for (long id : ids) {
            set.add(id);
        }
        return set;
    }

    private static Roles roles(long master, int masterEpoch, SortedSet<Long> set, int setEpoch) {
        return new Roles(Optional.of(master), masterEpoch, set, setEpoch);
    }

    private static Arguments story(String what, Story story) {
        return Arguments.of(what, story);
    }

    static Stream<Arguments> right() {
        return Stream.of(
                story("what was done is shown", Story.begun().thenShows(roles(1, 1, set(1, 2, 3), 2))),
                story(
                        "a designated replica is master, alone in its set",
                        Story.begun()
                                .then(new Designate(GROUP, 2), roles(2, 2, set(2), 3))
                                .thenShows(roles(2, 2, set(2), 3))),
                story(
                        "the master is designated again",
                        Story.begun().then(new Designate(GROUP, 1), roles(1, 1, set(1, 2, 3), 2))),
                story(
                        "a repeated change changes nothing",
                        Story.begun()
                                .then(new Alter(GROUP, 1, 1, set(1, 2, 3), 1), roles(1, 1, set(1, 2, 3), 2))
                                .then(new ApplyBrokerId(GROUP, 3, "c"), new Applied())
                                .then(new Register(GROUP, 3), roles(1, 1, set(1, 2, 3), 2))),
                story(
                        "refusals say what is",
                        Story.begun()
                                .thenRefused(new Alter(GROUP, 2, 1, set(2), 2), Reason.NOT_THE_MASTER)
                                .thenRefused(new Alter(GROUP, 1, 0, set(1), 2), Reason.STALE_MASTER_EPOCH)
                                .thenRefused(new Alter(GROUP, 1, 1, set(1), 1), Reason.STALE_SET_EPOCH)
                                .thenRefused(new Alter(GROUP, 1, 1, set(1, 9), 2), Reason.UNKNOWN_REPLICA)
                                .thenRefused(new Alter(GROUP, 1, 1, set(2), 2), Reason.BAD_SET)
                                .thenRefused(new ApplyBrokerId(GROUP, 1, "z"), Reason.ID_TAKEN)
                                .thenRefused(new ApplyBrokerId(GROUP, 5, "z"), Reason.ID_TAKEN)
                                .then(new NextBrokerId(GROUP), new NextId(4))),
                story(
                        "a lost election happens late",
                        Story.begun()
                                .lost(new Designate(GROUP, 2))
                                .thenShows(roles(1, 1, set(1, 2, 3), 2))
                                .thenShows(roles(2, 2, set(2), 3))),
                story(
                        "a lost election never happens",
                        Story.begun()
                                .lost(new Designate(GROUP, 2))
                                .then(new Designate(GROUP, 3), roles(3, 2, set(3), 3))
                                .thenShows(roles(3, 2, set(3), 3))),
                story(
                        "a new member that is not heard",
                        Story.begun()
                                .then(new Alter(GROUP, 1, 1, set(1, 2), 2), roles(1, 1, set(1, 2), 3))
                                .thenRefused(new Alter(GROUP, 1, 1, set(1, 2, 3), 3), Reason.NOT_ALIVE)
                                .then(new Alter(GROUP, 1, 1, set(1, 2, 3), 3), roles(1, 1, set(1, 2), 4))));
    }

    static Stream<Arguments> wrong() {
        Roles atFirst = roles(1, 1, set(1, 2, 3), 2);
        return Stream.of(
                story(
                        "an election that was acknowledged is not shown",
                        Story.begun()
                                .then(new Designate(GROUP, 2), roles(2, 2, set(2), 3))
                                .thenShows(atFirst)),
                story(
                        "two masters of one epoch",
                        Story.begun()
                                .lost(new Designate(GROUP, 2))
                                .then(new Designate(GROUP, 3), roles(3, 2, set(3), 3))
                                .thenShows(roles(2, 2, set(2), 3))),
                story(
                        "an epoch goes back",
                        Story.begun()
                                .then(new Designate(GROUP, 2), roles(2, 2, set(2), 3))
                                .then(new Designate(GROUP, 2), roles(2, 1, set(2), 3))),
                story("an epoch leaps", Story.begun().then(new Designate(GROUP, 2), roles(2, 3, set(2), 3))),
                story("an election by nobody", Story.begun().thenShows(roles(2, 2, set(2), 3))),
                story(
                        "a master from outside the set",
                        Story.begun()
                                .then(new Alter(GROUP, 1, 1, set(1, 2), 2), roles(1, 1, set(1, 2), 3))
                                .then(new Designate(GROUP, 3), roles(3, 2, set(3), 4))),
                story(
                        "a master that never applied",
                        Story.begun().then(new Designate(GROUP, 7), roles(7, 2, set(7), 3))),
                story(
                        "a new master keeps the set of the old one",
                        Story.begun().then(new Designate(GROUP, 2), roles(2, 2, set(1, 2, 3), 2))),
                story(
                        "a set that was acknowledged is not shown",
                        Story.begun()
                                .then(new Alter(GROUP, 1, 1, set(1, 2), 2), roles(1, 1, set(1, 2), 3))
                                .thenShows(atFirst)),
                story(
                        "another set under the same epoch",
                        Story.begun().then(new Alter(GROUP, 1, 1, set(1, 2), 2), roles(1, 1, set(1, 2), 2))),
                story(
                        "a set from an old master is taken",
                        Story.begun()
                                .then(new Designate(GROUP, 2), roles(2, 2, set(2), 3))
                                .then(new Alter(GROUP, 1, 1, set(1), 3), roles(1, 1, set(1), 4))),
                story(
                        "a set that was computed from an old one is taken",
                        Story.begun()
                                .then(new Alter(GROUP, 1, 1, set(1, 2), 2), roles(1, 1, set(1, 2), 3))
                                .then(new Alter(GROUP, 1, 1, set(1, 3), 2), roles(1, 1, set(1, 3), 4))),
                story(
                        "a set without the master is taken",
                        Story.begun().then(new Alter(GROUP, 1, 1, set(2, 3), 2), roles(1, 1, set(2, 3), 3))),
                story(
                        "a stranger in the set",
                        Story.begun().then(new Alter(GROUP, 1, 1, set(1, 9), 2), roles(1, 1, set(1, 9), 3))),
                story(
                        "a repeated change is counted twice",
                        Story.begun().then(new Alter(GROUP, 1, 1, set(1, 2, 3), 1), roles(1, 1, set(1, 2, 3), 3))),
                story(
                        "the master is called somebody else",
                        Story.begun().thenRefused(new Alter(GROUP, 1, 1, set(1), 2), Reason.NOT_THE_MASTER)),
                story(
                        "an epoch that is right is called old",
                        Story.begun().thenRefused(new Alter(GROUP, 1, 1, set(1), 2), Reason.STALE_MASTER_EPOCH)),
                story(
                        "the epoch of a set that is right is called old",
                        Story.begun().thenRefused(new Alter(GROUP, 1, 1, set(1), 2), Reason.STALE_SET_EPOCH)),
                story("one id for two", Story.begun().then(new ApplyBrokerId(GROUP, 2, "z"), new Applied())),
                story(
                        "an id that was given is offered again",
                        Story.begun().then(new NextBrokerId(GROUP), new NextId(3))),
                story(
                        "its owner is refused its id",
                        Story.begun().thenRefused(new ApplyBrokerId(GROUP, 3, "c"), Reason.ID_TAKEN)),
                story("a group is forgotten", Story.begun().thenRefused(new Read(GROUP), Reason.UNKNOWN_GROUP)),
                story(
                        "a replica is forgotten",
                        Story.begun().thenRefused(new Register(GROUP, 3), Reason.UNKNOWN_REPLICA)),
                story(
                        "a lost election is seen, and then not",
                        Story.begun()
                                .lost(new Designate(GROUP, 2))
                                .thenShows(roles(2, 2, set(2), 3))
                                .thenShows(atFirst)),
                story(
                        "a lost change happens twice",
                        Story.begun()
                                .lost(new Alter(GROUP, 1, 1, set(1, 2), 2))
                                .thenShows(roles(1, 1, set(1, 2), 3))
                                .then(new Alter(GROUP, 1, 1, set(1, 2, 3), 3), roles(1, 1, set(1, 2, 3), 4))
                                .thenShows(roles(1, 1, set(1, 2), 5))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("right")
    void accepts(String what, Story story) {
        Verdict verdict = checker.check(story.operations);
        assertTrue(verdict.isLinearizable(), () -> what + ": " + verdict);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void rejects(String what, Story story) {
        assertEquals(
                Verdict.Kind.NOT_LINEARIZABLE, checker.check(story.operations).kind(), what);
    }

    /** The state moves on while several calls are under way, some of which nobody hears of again. */
    @Test
    void acceptsWhatHappensAtOnceAndNothingElse() {
        int rejected = 0;
        for (long seed = 1; seed <= 200; seed++) {
            List<Operation<GroupRequest, GroupAnswer>> history = OverlappingCalls.of(seed);
            Verdict verdict = checker.check(history);
            long replay = seed;
            assertTrue(verdict.isLinearizable(), () -> "seed " + replay + ": " + verdict);
            rejected += checker.check(OverlappingCalls.withAnEpochTooHigh(history, new SplittableRandom(seed)))
                            .isLinearizable()
                    ? 0
                    : 1;
        }
        assertEquals(200, rejected);
    }
}
