package io.mqcontroller.controller.cli.ctl.client;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClusterRequest;
import io.mqcontroller.proto.controller.ControllerMember;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.Status;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The controllers of one cluster, as they are asked: any of them, the one that leads, or each. */
public final class Controllers {
    private static final long RETRY_PAUSE_MS = 150;

    /** Of a controller that is gone the next one should be asked soon. */
    private static final long MAX_CONNECT_MS = 2_000;

    /** Sockets count it in an int. */
    private static final long MAX_TIMEOUT_MS = TimeUnit.DAYS.toMillis(1);

    /** Of those that are slower than the first one to name the members, little is to be expected. */
    private static final long LATE_MS = 300;

    private final List<Endpoint> endpoints;
    private final long timeoutMs;
    private final String version;

    /**
     * @param endpoints those that are known from the start
     * @param timeoutMs for each question
     * @param version of this software
     */
    public Controllers(List<Endpoint> endpoints, long timeoutMs, String version) {
        this.endpoints = List.copyOf(endpoints);
        this.timeoutMs = Math.min(timeoutMs, MAX_TIMEOUT_MS);
        this.version = version;
    }

    /** What came of asking one controller: an answer, whatever its code, or why there is none. */
    public record Answer(Endpoint endpoint, ServerFrame frame, String failure) {
        public boolean isThere() {
            return frame != null;
        }
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    public long timeoutMs() {
        return timeoutMs;
    }

    /** Asks the first one that answers. */
    public ServerFrame askAny(Supplier<ClientFrame.Builder> request) throws CallException {
        Map<Endpoint, String> failures = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            Answer answer = ask(endpoint, request.get(), timeoutMs);
            if (answer.isThere()) {
                return checked(answer.frame(), endpoint);
            }
            failures.put(endpoint, answer.failure());
        }
        throw new CallException(ExitCode.UNAVAILABLE, "no controller answers: " + describe(failures));
    }

    /** Asks each of these at the same time; answers are in their order. */
    public List<Answer> askEach(List<Endpoint> whom, Supplier<ClientFrame.Builder> request) {
        BlockingQueue<Answer> unused = new LinkedBlockingQueue<>();
        List<FutureTask<Answer>> questions = new ArrayList<>();
        for (Endpoint endpoint : whom) {
            questions.add(begin(endpoint, request, unused));
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < whom.size(); i++) {
            answers.add(result(questions.get(i), whom.get(i)));
        }
        return answers;
    }

    /** @param told gets the answer, too */
    private FutureTask<Answer> begin(
            Endpoint endpoint, Supplier<ClientFrame.Builder> request, BlockingQueue<Answer> told) {
        FutureTask<Answer> question = new FutureTask<>(() -> ask(endpoint, request.get(), timeoutMs));
        Thread thread = new Thread(
                () -> {
                    question.run();
                    told.add(result(question, endpoint));
                },
                "ask-" + endpoint);
        thread.setDaemon(true);
        thread.start();
        return question;
    }

    private static Answer result(FutureTask<Answer> question, Endpoint endpoint) {
        try {
            return question.get();
        } catch (ExecutionException e) {
            return new Answer(endpoint, null, e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(endpoint, null, "interrupted");
        }
    }

    /**
     * All that these controllers know of, and they themselves. Who does not answer soon after the first one is not waited for: any
     * of them knows the others.
     */
    public List<Endpoint> discover() throws CallException {
        BlockingQueue<Answer> told = new LinkedBlockingQueue<>();
        endpoints.forEach(endpoint ->
                begin(endpoint, () -> ClientFrame.newBuilder().setCluster(ClusterRequest.getDefaultInstance()), told));
        Set<Endpoint> all = new LinkedHashSet<>();
        for (int left = endpoints.size(); left > 0; left--) {
            Answer answer = next(told, all.isEmpty());
            if (answer == null) {
                break;
            } else if (answer.isThere()) {
                for (ControllerMember member : answer.frame().getCluster().getMembersList()) {
                    all.add(Endpoint.parse(member.getAddress()));
                }
            }
        }
        all.addAll(endpoints);
        return List.copyOf(all);
    }

    private static Answer next(BlockingQueue<Answer> told, boolean first) {
        try {
            return first ? told.take() : told.poll(LATE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /**
     * Asks the leader, wherever it is, again and again while there is none.
     *
     * @param changes the request changes something: if its answer is lost it is not sent again
     * @return an answer with code OK
     */
    public ServerFrame askLeader(boolean changes, Supplier<ClientFrame.Builder> request) throws CallException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Map<Endpoint, String> failures = new LinkedHashMap<>();
        while (true) {
            Deque<Endpoint> candidates = new ArrayDeque<>(endpoints);
            Set<Endpoint> asked = new LinkedHashSet<>();
            while (!candidates.isEmpty() && leftMs(deadlineNanos) > 0) {
                Endpoint endpoint = candidates.poll();
                if (!asked.add(endpoint)) {
                    continue;
                }
                Answer answer = askOnce(endpoint, request.get(), leftMs(deadlineNanos), changes);
                if (!answer.isThere()) {
                    if (leftMs(deadlineNanos) > 0) {
                        failures.put(endpoint, answer.failure());
                    } else {
                        // Cut short by the end of all: what it said before tells more.
                        failures.putIfAbsent(endpoint, answer.failure());
                    }
                    continue;
                }
                Status status = answer.frame().getStatus();
                if (status.getCode() != StatusCode.NOT_LEADER && status.getCode() != StatusCode.OVERLOADED) {
                    return checked(answer.frame(), endpoint);
                }
                failures.put(endpoint, status.getMessage());
                if (!answer.frame().getLeader().getAddress().isEmpty()) {
                    candidates.addFirst(
                            Endpoint.parse(answer.frame().getLeader().getAddress()));
                }
            }
            if (leftMs(deadlineNanos) <= RETRY_PAUSE_MS) {
                throw new CallException(
                        ExitCode.UNAVAILABLE,
                        "no controller that leads answers within " + timeoutMs + " ms: " + describe(failures)
                                + "; is a majority of the controllers up? \"mqctl status\" shows each");
            }
            pause();
        }
    }

    /**
     * Asks what every controller answers, and takes the answer of the leader, which knows most; that of another one only if
     * there is no leader.
     */
    public ServerFrame askLeaderOf(Supplier<ClientFrame.Builder> request) throws CallException {
        ServerFrame first = askAny(request);
        String leader = first.getLeader().getAddress();
        if (leader.isEmpty()) {
            return first;
        }
        Answer answer = ask(Endpoint.parse(leader), request.get(), timeoutMs);
        return answer.isThere() ? checked(answer.frame(), answer.endpoint()) : first;
    }

    private Answer askOnce(Endpoint endpoint, ClientFrame.Builder request, long leftMs, boolean changes)
            throws CallException {
        try (ToolConnection connection =
                ToolConnection.open(endpoint, version, (int) Math.min(leftMs, MAX_CONNECT_MS))) {
            try {
                return new Answer(endpoint, connection.call(request, (int) Math.max(1, leftMs)), "");
            } catch (IOException e) {
                if (changes) {
                    throw new CallException(
                            ExitCode.FAILED,
                            "the connection to " + endpoint + " ended before it answered (" + reason(e)
                                    + "): it may have happened or not; look, then decide");
                }
                throw e;
            }
        } catch (IOException e) {
            return new Answer(endpoint, null, reason(e));
        }
    }

    private Answer ask(Endpoint endpoint, ClientFrame.Builder request, long withinMs) {
        try (ToolConnection connection =
                ToolConnection.open(endpoint, version, (int) Math.min(withinMs, MAX_CONNECT_MS))) {
            return new Answer(endpoint, connection.call(request, (int) withinMs), "");
        } catch (IOException e) {
            return new Answer(endpoint, null, reason(e));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "it took too long";
        } else if (e instanceof EOFException) {
            return "it closed the connection";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** @throws CallException if the answer is a refusal; its exit code says of which kind */
    public static ServerFrame checked(ServerFrame frame, Endpoint from) throws CallException {
        Status status = frame.getStatus();
        ExitCode code =
                switch (status.getCode()) {
                    case OK -> ExitCode.OK;
                    case NOT_LEADER, OVERLOADED -> ExitCode.UNAVAILABLE;
                    case BAD_REQUEST -> ExitCode.USAGE;
                    case UNKNOWN_OUTCOME, UNSUPPORTED, STATUS_CODE_UNSPECIFIED, UNRECOGNIZED -> ExitCode.FAILED;
                    default -> ExitCode.PRECONDITION;
                };
        if (code != ExitCode.OK) {
            throw new CallException(code, status.getMessage() + " (" + status.getCode() + ", said by " + from + ")");
        }
        return frame;
    }

    private static String describe(Map<Endpoint, String> failures) {
        List<String> texts = new ArrayList<>();
        failures.forEach((endpoint, failure) -> texts.add(endpoint + ": " + failure));
        return String.join("; ", texts);
    }

    private static long leftMs(long deadlineNanos) {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    }

    private static void pause() throws CallException {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallException(ExitCode.FAILED, "interrupted while waiting for a leader");
        }
    }
}
