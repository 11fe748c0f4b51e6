package io.mqcontroller.it.check;

import io.mqcontroller.it.check.GroupAnswer.Reason;
import io.mqcontroller.raft.linearizability.SequentialSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What controllers answer that are asked one thing after another, in a group whose master lives: then nobody is elected but
 * whom a client designates (C9), so each answer follows from those before it. Who is alive is not in the state. So a refusal for
 * that reason is always possible, and a set with a new member that is not heard may be answered with the old set under the next
 * epoch.
 */
public final class GroupSpecification implements SequentialSpecification<GroupState, GroupRequest, GroupAnswer> {

    private final Map<String, GroupState> before;

    /** @param before groups that were there before the history begins */
    public GroupSpecification(Map<String, GroupState> before) {
        this.before = Map.copyOf(before);
    }

    /** The answer, and the state after it. */
    private record Outcome(GroupAnswer answer, GroupState state) {}

    @Override
    public Object partitionOf(GroupRequest request) {
        return request.group();
    }

    @Override
    public GroupState initialState(Object group) {
        return before.getOrDefault(group, GroupState.UNKNOWN);
    }

    @Override
    public List<GroupState> after(GroupState state, GroupRequest request, Optional<GroupAnswer> answer) {
        return outcomes(state, request).stream()
                .filter(outcome -> answer.isEmpty() || answer.get().equals(outcome.answer()))
                .map(Outcome::state)
                .distinct()
                .toList();
    }

    /** What may be answered. */
    List<GroupAnswer> answers(GroupState state, GroupRequest request) {
        return outcomes(state, request).stream().map(Outcome::answer).toList();
    }

    private static List<Outcome> outcomes(GroupState state, GroupRequest request) {
        if (request instanceof GroupRequest.NextBrokerId) {
            return List.of(new Outcome(new GroupAnswer.NextId(state.nextBrokerId()), state));
        } else if (request instanceof GroupRequest.ApplyBrokerId apply) {
            return List.of(applied(state, apply));
        } else if (!state.isKnown()) {
            return List.of(refused(state, Reason.UNKNOWN_GROUP));
        } else if (request instanceof GroupRequest.Register register) {
            return List.of(
                    state.owners().containsKey(register.id())
                            ? new Outcome(state.roles(), state)
                            : refused(state, Reason.UNKNOWN_REPLICA));
        } else if (request instanceof GroupRequest.Designate designate) {
            return designated(state, designate.id());
        } else if (request instanceof GroupRequest.Alter alter) {
            return altered(state, alter);
        } else if (request instanceof GroupRequest.Read) {
            return List.of(new Outcome(state.roles(), state));
        }
        throw new AssertionError("unhandled " + request);
    }

    private static Outcome refused(GroupState state, Reason reason) {
        return new Outcome(new GroupAnswer.Refused(reason), state);
    }

    private static Outcome applied(GroupState state, GroupRequest.ApplyBrokerId apply) {
        String owner = state.owners().get(apply.id());
        if (apply.checkCode().equals(owner)) {
            return new Outcome(new GroupAnswer.Applied(), state);
        }
        if (owner != null || apply.id() > state.nextBrokerId()) {
            return refused(state, Reason.ID_TAKEN);
        }
        return new Outcome(new GroupAnswer.Applied(), state.with(apply.id(), apply.checkCode()));
    }

    private static List<Outcome> designated(GroupState state, long id) {
        List<Outcome> possible = new ArrayList<>();
        possible.add(refused(state, Reason.NOT_ELIGIBLE));
        if (state.master().equals(Optional.of(id))) {
            possible.add(new Outcome(state.roles(), state));
        } else if (state.wasElected()
                ? state.set().contains(id)
                : state.owners().containsKey(id)) {
            GroupState elected = state.withMaster(id);
            possible.add(new Outcome(elected.roles(), elected));
        }
        return possible;
    }

    private static List<Outcome> altered(GroupState state, GroupRequest.Alter alter) {
        if (!state.master().equals(Optional.of(alter.master()))) {
            return List.of(refused(state, Reason.NOT_THE_MASTER));
        } else if (alter.masterEpoch() != state.masterEpoch()) {
            return List.of(refused(state, Reason.STALE_MASTER_EPOCH));
        } else if (alter.newSet().equals(state.set())) {
            return List.of(new Outcome(state.roles(), state));
        } else if (alter.setEpoch() != state.setEpoch()) {
            return List.of(refused(state, Reason.STALE_SET_EPOCH));
        } else if (!state.owners().keySet().containsAll(alter.newSet())) {
            return List.of(refused(state, Reason.UNKNOWN_REPLICA));
        } else if (!alter.newSet().contains(alter.master())) {
            return List.of(refused(state, Reason.BAD_SET));
        }
        GroupState changed = state.withSet(alter.newSet());
        Outcome done = new Outcome(changed.roles(), changed);
        SortedSet<Long> joining = new TreeSet<>(alter.newSet());
        joining.removeAll(state.set());
        if (joining.isEmpty()) {
            return List.of(done);
        }
        GroupState settled = state.withSet(state.set());
        return List.of(done, refused(state, Reason.NOT_ALIVE), new Outcome(settled.roles(), settled));
    }

    @Override
    public boolean onlyObserves(GroupRequest request, GroupAnswer answer) {
        return answer instanceof GroupAnswer.Refused
                || request instanceof GroupRequest.NextBrokerId
                || request instanceof GroupRequest.Register
                || request instanceof GroupRequest.Read;
    }

    /** Ids and epochs only grow, and each epoch has one master and one set. */
    @Override
    public boolean canStillAnswer(GroupState state, GroupRequest request, GroupAnswer answer) {
        if (answer instanceof GroupAnswer.NextId next) {
            return state.nextBrokerId() <= next.id();
        }
        if (answer instanceof GroupAnswer.Roles roles) {
            return state.masterEpoch() <= roles.masterEpoch()
                    && state.setEpoch() <= roles.setEpoch()
                    && (state.masterEpoch() < roles.masterEpoch()
                            || state.master().equals(roles.master()))
                    && (state.setEpoch() < roles.setEpoch() || state.set().equals(roles.set()));
        }
        return !answer.equals(new GroupAnswer.Refused(Reason.UNKNOWN_GROUP)) || !state.isKnown();
    }
}
