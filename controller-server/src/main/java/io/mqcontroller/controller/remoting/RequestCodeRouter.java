package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads each request to its use case, and turns the reply into the answer with RocketMQ's number. */
final class RequestCodeRouter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestCodeRouter.class);
    private static final LogThrottle FAILURE_LOG = new LogThrottle(10_000);

    private final ControllerService service;
    private final ControllerMembers members;
    private final ConfigurationAccess configuration;
    private final Executor blockingCalls;
    private final OperatorActions actions;
    private final RemotingObserver observer;

    RequestCodeRouter(
            ControllerService service,
            ControllerMembers members,
            ConfigurationAccess configuration,
            Executor blockingCalls,
            OperatorActions actions,
            RemotingObserver observer) {
        this.service = service;
        this.members = members;
        this.configuration = configuration;
        this.blockingCalls = blockingCalls;
        this.actions = actions;
        this.observer = observer;
    }

    void connectionClosed(ConnectionId connection) {
        service.connectionClosed(connection);
    }

    /** {@link RequestCode#UNKNOWN} for a number that is not served. */
    int knownCode(int code) {
        boolean known = code == RequestCode.BROKER_HEARTBEAT
                || code >= RequestCode.ALTER_SYNC_STATE_SET && code <= RequestCode.GET_SYNC_STATE_DATA
                || code >= RequestCode.UPDATE_CONTROLLER_CONFIG && code <= RequestCode.APPLY_BROKER_ID;
        return known ? code : RequestCode.UNKNOWN;
    }

    /** @return whether the request made sense */
    boolean serve(IncomingFrame frame, RemotingConnection connection) {
        if (frame.code() == RequestCode.BROKER_HEARTBEAT && frame.isOneway()) {
            return serveHeartbeat(frame, connection.requests());
        }
        PendingAnswer pending = connection.begin(frame);
        try {
            dispatch(frame, connection, pending);
            return knownCode(frame.code()) != RequestCode.UNKNOWN;
        } catch (BadRequestException e) {
            String message = e.getMessage();
            int code = ResponseCode.of(frame.code(), Refusal.BAD_REQUEST);
            pending.complete(() -> Answer.of(code, message));
            return false;
        } catch (RuntimeException e) {
            pending.complete(() -> failed(pending.requestCode(), e));
            return true;
        }
    }

    /** By far the most frequent: nothing waits, nothing is answered, nothing is kept. */
    private boolean serveHeartbeat(IncomingFrame frame, Requests requests) {
        long startedNanos = System.nanoTime();
        int code = ResponseCode.SUCCESS;
        try {
            service.heartbeat(requests.heartbeat(frame));
        } catch (BadRequestException e) {
            code = ResponseCode.INVALID_REQUEST;
        } catch (RuntimeException e) {
            code = failed(frame.code(), e).code();
        }
        observer.onRequest(RequestCode.BROKER_HEARTBEAT, code, System.nanoTime() - startedNanos);
        return code != ResponseCode.INVALID_REQUEST;
    }

    private void dispatch(IncomingFrame frame, RemotingConnection connection, PendingAnswer pending)
            throws BadRequestException {
        Requests requests = connection.requests();
        switch (frame.code()) {
            case RequestCode.BROKER_HEARTBEAT -> {
                service.heartbeat(requests.heartbeat(frame));
                pending.complete(Answer::success);
            }
            case RequestCode.ALTER_SYNC_STATE_SET ->
                answer(
                        pending,
                        service.alterSyncStateSet(requests.alterSyncStateSet(frame)),
                        Answers::altered,
                        refused -> refused.with("newSyncStateSetEpoch", 0));
            case RequestCode.ELECT_MASTER ->
                answer(pending, elect(requests.electMaster(frame), connection), Answers::elected, Answer::withFields);
            case RequestCode.REGISTER_BROKER -> {
                Register register = requests.register(frame);
                answer(
                        pending,
                        service.register(register),
                        Answers::registered,
                        refused -> Answers.named(refused, register.group()));
            }
            case RequestCode.GET_REPLICA_INFO ->
                answer(
                        pending,
                        service.replicaInfo(requests.replicaInfo(frame)),
                        Answers::replicaInfo,
                        Answer::withFields);
            case RequestCode.GET_METADATA_INFO -> pending.complete(members::metadataInfo);
            case RequestCode.GET_SYNC_STATE_DATA ->
                answer(
                        pending,
                        service.syncStateData(Bodies.readBrokerNames(frame.body()), requests.connection()),
                        Answers::syncStateData,
                        UnaryOperator.identity());
            case RequestCode.UPDATE_CONTROLLER_CONFIG ->
                updateConfiguration(readProperties(frame.body()), connection.remote(), pending);
            case RequestCode.GET_CONTROLLER_CONFIG -> completeByBlockingCall(pending, this::effectiveConfiguration);
            case RequestCode.CLEAN_BROKER_DATA -> {
                CleanBrokers clean = requests.cleanBrokers(frame);
                answer(
                        pending,
                        actions.cleaned(service.cleanBrokers(clean), clean, connection.remote()),
                        group -> Answer.success(),
                        UnaryOperator.identity());
            }
            case RequestCode.GET_NEXT_BROKER_ID -> {
                GroupKey group = requests.nextBrokerId(frame);
                answer(
                        pending,
                        service.nextBrokerId(group),
                        id -> Answers.nextBrokerId(group, id),
                        UnaryOperator.identity());
            }
            case RequestCode.APPLY_BROKER_ID -> {
                ApplyBrokerId apply = requests.applyBrokerId(frame);
                answer(
                        pending,
                        service.applyBrokerId(apply),
                        group -> Answers.named(Answer.success(), group),
                        refused -> Answers.named(refused, apply.group()));
            }
            default -> {
                String remark = "request code " + frame.code() + " is not served by a controller";
                pending.complete(() -> Answer.of(ResponseCode.REQUEST_CODE_NOT_SUPPORTED, remark));
            }
        }
    }

    /** A broker asks for whoever is best; who names the winner is an operator. */
    private CompletionStage<Reply<Elected>> elect(ElectMaster request, RemotingConnection connection) {
        CompletionStage<Reply<Elected>> election = service.electMaster(request);
        return request.designate() ? actions.elected(election, request, connection.remote()) : election;
    }

    private <T> void answer(
            PendingAnswer pending,
            CompletionStage<Reply<T>> stage,
            Function<T, Answer> whenDone,
            UnaryOperator<Answer> whenRefused) {
        stage.whenComplete((reply, failure) -> pending.complete(() -> failure == null
                ? answerTo(pending.requestCode(), reply, whenDone, whenRefused)
                : failed(pending.requestCode(), failure)));
    }

    private <T> Answer answerTo(
            int requestCode, Reply<T> reply, Function<T, Answer> whenDone, UnaryOperator<Answer> whenRefused) {
        if (reply instanceof Reply.Done<T> done) {
            return whenDone.apply(done.value());
        }
        if (reply instanceof Reply.Refused<T> refused) {
            return whenRefused.apply(Answer.of(ResponseCode.of(requestCode, refused.refusal()), refused.message()));
        }
        if (reply instanceof Reply.NotLeader<T> notLeader) {
            return Answer.of(ResponseCode.NOT_LEADER, notLeaderRemark(notLeader));
        }
        if (reply instanceof Reply.Indeterminate<T> indeterminate) {
            return whenRefused.apply(Answer.of(ResponseCode.SYSTEM_ERROR, indeterminate.message()));
        }
        throw new AssertionError("unhandled " + reply);
    }

    private String notLeaderRemark(Reply.NotLeader<?> notLeader) {
        return notLeader
                .leader()
                .map(leader -> "this controller does not lead; ask " + leader + " at "
                        + Optional.ofNullable(members.addresses().get(leader)).orElse("an unknown address"))
                .orElse("this controller does not lead, and knows no leader now");
    }

    private static Answer failed(int requestCode, Throwable failure) {
        if (FAILURE_LOG.admits()) {
            LOG.error("event=request_failed code={} skipped={}", requestCode, FAILURE_LOG.takeSkipped(), failure);
        }
        return Answer.of(ResponseCode.SYSTEM_ERROR, "the request failed: " + failure);
    }

    private void updateConfiguration(Map<String, String> changes, String by, PendingAnswer pending) {
        if (changes.isEmpty()) {
            pending.complete(Answer::success);
            return;
        }
        completeByBlockingCall(pending, () -> configuration
                .update(changes, by)
                .map(refusal -> Answer.of(ResponseCode.NO_PERMISSION, refusal))
                .orElseGet(Answer::success));
    }

    private Answer effectiveConfiguration() {
        return Answer.success().withBody(configuration.effectiveProperties().getBytes(StandardCharsets.UTF_8));
    }

    private void completeByBlockingCall(PendingAnswer pending, Supplier<Answer> call) {
        try {
            blockingCalls.execute(() -> {
                Answer answer = callOrFail(pending.requestCode(), call);
                pending.complete(() -> answer);
            });
        } catch (RejectedExecutionException e) {
            pending.complete(() -> Answer.of(ResponseCode.SYSTEM_BUSY, "too many requests for the configuration"));
        }
    }

    private static Answer callOrFail(int requestCode, Supplier<Answer> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return failed(requestCode, e);
        }
    }

    private static Map<String, String> readProperties(ByteBuf body) throws BadRequestException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(body.toString(StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new BadRequestException("the body must be lines of key=value: " + e.getMessage());
        }
        Map<String, String> changes = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> changes.put(key, properties.getProperty(key)));
        return changes;
    }
}
