package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.http.HttpCall.Request;
import io.mqcontroller.controller.http.HttpPage.Answer;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What who is signed in may have done to a replica: {@code POST {"cluster", "name", "broker"}}. Each is in the log, with what came of it.
 */
final class ActionCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ActionCalls.class);

    /** No broker's connection has this number. */
    private static final ConnectionId NOT_A_BROKER = new ConnectionId(0);

    private final ControllerService service;
    private final SignIn signIn;
    private final Executor thread;

    /** @param thread where answers are written */
    ActionCalls(ControllerService service, SignIn signIn, Executor thread) {
        this.service = service;
        this.signIn = signIn;
        this.thread = thread;
    }

    /** Writes pause until the replica has everything, and go on with it as master. */
    CompletionStage<Answer> switchOver(Request request) {
        return act(request, "switch_over", (group, id) -> {
            GroupRef ref = new GroupRef(Optional.of(group.cluster()), group.brokerName(), NOT_A_BROKER);
            SwitchOver wanted =
                    new SwitchOver(ref, id, SwitchOver.DEFAULT_LIMIT_MS, SwitchOver.DEFAULT_MAX_LAG_BYTES, false);
            return answerTo(
                    service.switchOver(wanted),
                    elected -> elected.changed() ? "it is master now" : "it was master already");
        });
    }

    /** The replica is to be master only where nobody else can be. */
    CompletionStage<Answer> drain(Request request) {
        return act(request, "drain", (group, id) -> drain(group, id, true));
    }

    /** That is over. */
    CompletionStage<Answer> undrain(Request request) {
        return act(request, "undrain", (group, id) -> drain(group, id, false));
    }

    private CompletionStage<Answer> drain(GroupKey group, BrokerId id, boolean drained) {
        Drain wanted = new Drain(Optional.of(group), Optional.of(id), "", drained);
        return answerTo(service.drain(wanted), done -> drained ? "it is drained" : "it is drained no more");
    }

    private CompletionStage<Answer> act(
            Request request, String what, BiFunction<GroupKey, BrokerId, CompletionStage<Answer>> action) {
        Optional<Answer> refusal = signIn.refusalOfAction(request);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        Map<String, String> wanted = SignIn.members(request.body());
        GroupKey group = new GroupKey(wanted.getOrDefault("cluster", ""), wanted.getOrDefault("name", ""));
        String broker = wanted.getOrDefault("broker", "");
        if (group.cluster().isEmpty() || group.brokerName().isEmpty() || !broker.matches("[1-9][0-9]{0,17}")) {
            return CompletableFuture.completedFuture(ConsoleCalls.said(400, "cluster, name and broker are needed"));
        }
        return action.apply(group, new BrokerId(Long.parseLong(broker))).thenApply(answer -> {
            LOG.info(
                    "event=console_action what={} remote={} group={} broker={} status={}",
                    what,
                    request.remote(),
                    group,
                    broker,
                    answer.status());
            return answer;
        });
    }

    private <T> CompletionStage<Answer> answerTo(CompletionStage<Reply<T>> stage, Function<T, String> text) {
        return stage.thenApplyAsync(
                reply -> {
                    if (reply instanceof Reply.Done<T> done) {
                        return ConsoleCalls.said(200, text.apply(done.value()));
                    } else if (reply instanceof Reply.Refused<T> refused) {
                        return ConsoleCalls.said(409, refused.message());
                    } else if (reply instanceof Reply.NotLeader<T>) {
                        return ConsoleCalls.said(409, "this controller does not lead; open the leader's page");
                    }
                    return ConsoleCalls.said(503, "nobody knows whether it was done; look at the group");
                },
                thread);
    }
}
