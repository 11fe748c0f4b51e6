package io.mqcontroller.it.check;

import io.mqcontroller.it.check.GroupAnswer.Roles;
import io.mqcontroller.raft.linearizability.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Histories that are right: each call takes effect at one moment between its begin and its end, known to nobody. */
final class OverlappingCalls {
    private static final String GROUP = "g";
    private static final int CALLS = 60;
    private static final int REPLICAS = 3;
    /** So long before and after its moment a call may begin and end, in calls. */
    private static final int SPREAD = 4;

    private OverlappingCalls() {}

    static List<Operation<GroupRequest, GroupAnswer>> of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GroupSpecification specification = new GroupSpecification(Map.of());
        List<Operation<GroupRequest, GroupAnswer>> history = new ArrayList<>();
        GroupState state = GroupState.UNKNOWN;
        for (int i = 0; i < CALLS; i++) {
            long moment = 10L * i + 100;
            GroupRequest request = i < REPLICAS
                    ? new GroupRequest.ApplyBrokerId(GROUP, i + 1, "code-" + (i + 1))
                    : anyRequest(state, random);
            long called = moment - random.nextInt(10 * SPREAD);
            List<GroupAnswer> answers = specification.answers(state, request);
            GroupAnswer answer = answers.get(answers.size() - 1);
            state = specification.after(state, request, Optional.of(answer)).get(0);
            history.add(
                    random.nextInt(8) == 0
                            ? Operation.unknown(i, request, called)
                            : Operation.answered(i, request, answer, called, moment + random.nextInt(10 * SPREAD)));
        }
        return history;
    }

    private static GroupRequest anyRequest(GroupState state, SplittableRandom random) {
        long id = 1 + random.nextInt(REPLICAS);
        return switch (random.nextInt(4)) {
            case 0 -> new GroupRequest.Designate(GROUP, id);
            case 1 -> {
                SortedSet<Long> newSet = new TreeSet<>(state.set());
                newSet.add(id);
                yield new GroupRequest.Alter(
                        GROUP,
                        state.master().orElse(id),
                        state.masterEpoch() - random.nextInt(2),
                        newSet,
                        state.setEpoch());
            }
            case 2 -> new GroupRequest.NextBrokerId(GROUP);
            default -> new GroupRequest.Read(GROUP);
        };
    }

    /** The same, but for one answer with roles, which has an epoch that never was. */
    static List<Operation<GroupRequest, GroupAnswer>> withAnEpochTooHigh(
            List<Operation<GroupRequest, GroupAnswer>> history, SplittableRandom random) {
        List<Operation<GroupRequest, GroupAnswer>> broken = new ArrayList<>(history);
        List<Integer> withRoles = IntStream.range(0, history.size())
                .filter(i -> history.get(i).output().orElse(null) instanceof Roles)
                .boxed()
                .toList();
        int chosen = withRoles.get(random.nextInt(withRoles.size()));
        Roles roles = (Roles) history.get(chosen).output().orElseThrow();
        broken.set(
                chosen,
                history.get(chosen)
                        .answering(
                                new Roles(roles.master(), roles.masterEpoch() + 1_000, roles.set(), roles.setEpoch())));
        return broken;
    }
}
