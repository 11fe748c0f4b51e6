package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.GroupAnswer;
import io.mqcontroller.it.check.GroupAnswer.Reason;
import io.mqcontroller.it.check.GroupAnswer.Refused;
import io.mqcontroller.it.check.GroupAnswer.Roles;
import io.mqcontroller.it.check.GroupRequest;
import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.GroupView;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The requests of histories in the words of the wire, and the answers back. */
final class GroupCalls {
    private static final String CLUSTER = SimulatedGroup.CLUSTER;
    private static final int MASTER_STILL_EXIST = 2011;

    private static final Map<Integer, Reason> APPLYING = Map.of(2014, Reason.ID_TAKEN);
    private static final Map<Integer, Reason> REGISTERING = Map.of(2010, Reason.UNKNOWN_GROUP);
    private static final Map<Integer, Reason> DESIGNATING =
            Map.of(2010, Reason.UNKNOWN_GROUP, 2012, Reason.NOT_ELIGIBLE);
    private static final Map<Integer, Reason> ALTERING = Map.of(
            2000, Reason.STALE_MASTER_EPOCH,
            2001, Reason.STALE_SET_EPOCH,
            2002, Reason.NOT_THE_MASTER,
            2003, Reason.UNKNOWN_REPLICA,
            2006, Reason.NOT_ALIVE,
            2013, Reason.BAD_SET);

    private GroupCalls() {}

    static Answer call(ControllerClient client, GroupRequest request) throws IOException {
        if (request instanceof GroupRequest.NextBrokerId next) {
            return client.nextBrokerId(CLUSTER, next.group());
        } else if (request instanceof GroupRequest.ApplyBrokerId apply) {
            return client.applyBrokerId(CLUSTER, apply.group(), apply.id(), apply.checkCode());
        } else if (request instanceof GroupRequest.Register register) {
            return client.register(CLUSTER, register.group(), register.id(), addressOf(register.id()));
        } else if (request instanceof GroupRequest.Designate designate) {
            return client.elect(CLUSTER, designate.group(), designate.id(), true);
        } else if (request instanceof GroupRequest.Alter alter) {
            return client.alter(alter.group(), alter.master(), alter.masterEpoch(), alter.newSet(), alter.setEpoch());
        } else if (request instanceof GroupRequest.Read read) {
            return client.syncStateData(read.group());
        }
        throw new AssertionError("unhandled " + request);
    }

    /** Where a replica listens that clients of histories have made up. */
    static String addressOf(long id) {
        return "127.0.0.1:" + (40_000 + id);
    }

    /**
     * What the client was told.
     *
     * @return empty if that says nothing about the group
     * @throws IllegalArgumentException if the answer is none to this request
     */
    static Optional<GroupAnswer> read(GroupRequest request, Answer answer) {
        if (request instanceof GroupRequest.NextBrokerId) {
            return done(request, answer, Map.of(), () -> new GroupAnswer.NextId(answer.number("nextBrokerId")));
        } else if (request instanceof GroupRequest.ApplyBrokerId) {
            return done(request, answer, APPLYING, GroupAnswer.Applied::new);
        } else if (request instanceof GroupRequest.Register) {
            // The master is named only while it is heard.
            return answer.code() == 0 && !answer.has("masterBrokerId")
                    ? Optional.empty()
                    : done(request, answer, REGISTERING, () -> roles(answer));
        } else if (request instanceof GroupRequest.Designate) {
            return answer.code() == MASTER_STILL_EXIST
                    ? Optional.of(roles(answer))
                    : done(request, answer, DESIGNATING, () -> roles(answer));
        } else if (request instanceof GroupRequest.Alter alter) {
            return done(
                    request,
                    answer,
                    ALTERING,
                    () -> new Roles(Optional.of(alter.master()), alter.masterEpoch(), answer.syncStateSet(), (int)
                            answer.number("newSyncStateSetEpoch")));
        }
        return done(request, answer, Map.of(), () -> ControllerClient.groupIn(answer, request.group())
                .<GroupAnswer>map(GroupCalls::roles)
                .orElse(new Refused(Reason.UNKNOWN_GROUP)));
    }

    /** The roles in a view. */
    static Roles roles(GroupView view) {
        OptionalLong master = view.master();
        return new Roles(
                master.isPresent() ? Optional.of(master.getAsLong()) : Optional.empty(),
                view.masterEpoch(),
                view.inSync(),
                view.setEpoch());
    }

    private static Roles roles(Answer answer) {
        return new Roles(
                Optional.of(answer.number("masterBrokerId")),
                (int) answer.number("masterEpoch"),
                answer.syncStateSet(),
                (int) answer.number("syncStateSetEpoch"));
    }

    private static Optional<GroupAnswer> done(
            GroupRequest request,
            Answer answer,
            Map<Integer, Reason> refusals,
            java.util.function.Supplier<GroupAnswer> whenDone) {
        if (answer.code() == 0) {
            return Optional.of(whenDone.get());
        }
        Reason reason = refusals.get(answer.code());
        if (reason == null) {
            throw new IllegalArgumentException(request + " was answered with " + answer.code() + " "
                    + answer.remark() + "; possible are 0 and "
                    + refusals.keySet().stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return Optional.of(new Refused(reason));
    }
}
