package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.GroupAnswer;
import io.mqcontroller.it.check.GroupAnswer.Roles;
import io.mqcontroller.it.check.GroupRequest;
import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.raft.linearizability.History;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A client that takes down what it calls and what it is told: one call at a time, to the controller that answered last, and to
 * the next one when that does not lead or does not answer. For one thread.
 */
final class HistoryClient implements AutoCloseable {
    /** An answer that takes longer is not waited for: the outcome is unknown. */
    private static final int TIMEOUT_MS = 500;

    private static final int SYSTEM_ERROR = 1;
    private static final int SYSTEM_BUSY = 2;
    private static final int NOT_LEADER = 2007;

    private final long id;
    private final List<String> controllers;
    private final List<String> groups;
    private final ClientHistory told;
    private final SplittableRandom random;
    private int next;
    private ControllerClient connection;
    private long applications;

    HistoryClient(long id, List<String> controllers, List<String> groups, ClientHistory told) {
        this.id = id;
        this.controllers = controllers;
        this.groups = groups;
        this.told = told;
        this.random = new SplittableRandom(id);
    }

    /** One call of any kind. */
    void callAnything() {
        call(anyRequest(groups.get(random.nextInt(groups.size()))));
    }

    /** True if it was answered. */
    boolean call(GroupRequest request) {
        try {
            if (connection == null) {
                connection = new ControllerClient(controllers.get(next), TIMEOUT_MS);
            }
        } catch (IOException nobodyThere) {
            turnToTheNext();
            return false;
        }
        long calledNanos = System.nanoTime();
        History<GroupRequest, GroupAnswer>.Call call = told.calls().called(id, request);
        try {
            Answer answer = GroupCalls.call(connection, request);
            if (answer.code() == NOT_LEADER || answer.code() == SYSTEM_BUSY) {
                call.refused();
                turnToTheNext();
                return false;
            }
            Optional<GroupAnswer> read =
                    answer.code() == SYSTEM_ERROR ? Optional.empty() : GroupCalls.read(request, answer);
            read.ifPresent(known -> {
                call.answered(known);
                told.onAnswered(request, known, calledNanos);
            });
            return read.isPresent();
        } catch (IOException unknown) {
            turnToTheNext();
            return false;
        }
    }

    private void turnToTheNext() {
        close();
        next = (next + 1) % controllers.size();
    }

    private GroupRequest anyRequest(String group) {
        Map<String, Roles> seen = told.lastSeen();
        return switch (random.nextInt(20)) {
            case 0 -> new GroupRequest.NextBrokerId(group);
            case 1 -> anyApplication(group);
            case 2, 3, 4, 5, 6, 7 -> new GroupRequest.Designate(group, anyReplica());
            case 8, 9, 10, 11, 12, 13 -> anyAlter(group, seen.get(group));
            case 14 ->
                told.anyTakenId(group, random)
                        .<GroupRequest>map(taken -> new GroupRequest.Register(group, taken))
                        .orElse(new GroupRequest.Read(group));
            default -> new GroupRequest.Read(group);
        };
    }

    private long anyReplica() {
        return 1 + random.nextInt(ClientHistory.REPLICAS);
    }

    /** For a free id, as a rule. */
    private GroupRequest anyApplication(String group) {
        boolean again = random.nextInt(3) == 0;
        long wanted = again ? told.nextId(group) - 1 : told.nextId(group);
        return new GroupRequest.ApplyBrokerId(
                group, wanted, GroupCalls.addressOf(wanted) + ";" + id + "-" + (again ? applications : ++applications));
    }

    /** From the master that was seen last, as a rule, with its epochs. */
    private GroupRequest anyAlter(String group, Roles seen) {
        SortedSet<Long> newSet = new TreeSet<>();
        newSet.add(seen.master().orElse(1L));
        while (random.nextBoolean()) {
            newSet.add(anyReplica());
        }
        return new GroupRequest.Alter(
                group,
                seen.master().orElse(1L),
                seen.masterEpoch() - (random.nextInt(10) == 0 ? 1 : 0),
                newSet,
                seen.setEpoch() - (random.nextInt(10) == 0 ? 1 : 0));
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
