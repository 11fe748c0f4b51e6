package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.http.HttpCall.Request;
import io.mqcontroller.controller.http.HttpPage.Answer;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.rpc.agent.ControllerMembership;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What who is signed in may have done: {@code POST {"cluster", "name", "broker"}}, or {@code {"machine"}}. Each is in the log, with what
 * came of it, and what changes something in the history.
 */
final class ActionCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ActionCalls.class);
    private static final int NAMED_GROUPS = 5;

    private final ConsoleSources sources;
    private final ControllerService service;
    private final OperatorActions actions;
    private final SignIn signIn;
    private final Executor thread;

    /** @param thread where answers are written */
    ActionCalls(ConsoleSources sources, SignIn signIn, Executor thread) {
        this.sources = sources;
        this.service = sources.service();
        this.actions = sources.actions();
        this.signIn = signIn;
        this.thread = thread;
    }

    /** Writes pause until the replica has everything, and go on with it as master. */
    CompletionStage<Answer> switchOver(Request request) {
        return act(request, "switch_over", Target::isReplica, "cluster, name and broker are needed", target -> {
            SwitchOver wanted = new SwitchOver(
                    target.ref(),
                    target.broker().orElseThrow(),
                    SwitchOver.DEFAULT_LIMIT_MS,
                    SwitchOver.DEFAULT_MAX_LAG_BYTES,
                    false);
            return answerTo(
                    actions.switchedOver(service.switchOver(wanted), wanted, request.remote()),
                    elected -> elected.changed() ? "it is master now" : "it was master already");
        });
    }

    /** The replica, or all of the machine, is to be master only where nobody else can be. */
    CompletionStage<Answer> drain(Request request) {
        return drain(request, "drain", true);
    }

    /** That is over. */
    CompletionStage<Answer> undrain(Request request) {
        return drain(request, "undrain", false);
    }

    private CompletionStage<Answer> drain(Request request, String what, boolean drained) {
        return act(
                request,
                what,
                target -> target.isReplica() || target.isMachine(),
                "cluster, name and broker, or machine are needed",
                target -> {
                    Optional<String> refusal = ControllerMembership.refusalOfDrain(
                            sources.withoutDrain().get());
                    if (refusal.isPresent()) {
                        return said(409, refusal.get());
                    }
                    Drain wanted = new Drain(target.group(), target.broker(), target.machine(), drained);
                    return answerTo(
                            actions.drained(service.drain(wanted), wanted, request.remote()),
                            done -> describe(done, drained));
                });
    }

    private static String describe(Drained done, boolean drained) {
        int count = done.replicas().size();
        String replicas = count == 1 ? "1 replica is " : count + " replicas are ";
        if (!drained) {
            return replicas + "drained no more";
        }
        List<Drained.One> masters =
                done.replicas().stream().filter(Drained.One::master).toList();
        StringBuilder text = new StringBuilder(replicas + "drained");
        if (!masters.isEmpty()) {
            text.append("; ").append(masters.size()).append(masters.size() == 1 ? " is" : " are");
            text.append(" master still, and handed over one after the other");
        }
        masters.stream()
                .filter(master -> !master.hindrance().isEmpty())
                .limit(NAMED_GROUPS)
                .forEach(master ->
                        text.append("; ").append(master.group()).append(": ").append(master.hindrance()));
        return text.toString();
    }

    /** For a group that has no living master: the best replica, or the one that is named. Nobody loses the role by this. */
    CompletionStage<Answer> elect(Request request) {
        return act(request, "elect", Target::isGroup, "cluster and name are needed", target -> {
            GroupQuery query = new GroupQuery(
                    target.group().orElseThrow().cluster(),
                    target.group().orElseThrow().brokerName(),
                    Optional.empty(),
                    1);
            return service.groups(query).thenCompose(reply -> {
                if (reply instanceof Reply.Done<GroupDetails.Page> page
                        && page.value().groups().stream().anyMatch(ActionCalls::hasLivingMaster)) {
                    return said(409, "the group has a master that is alive; switch over, if another one is to be it");
                }
                ElectMaster wanted = new ElectMaster(
                        target.ref(), target.broker(), target.broker().isPresent());
                return answerTo(
                        actions.elected(service.electMaster(wanted), wanted, request.remote()), ActionCalls::describe);
            });
        });
    }

    private static boolean hasLivingMaster(GroupDetails details) {
        return details.replicas().stream()
                .anyMatch(replica -> details.group().isMaster(replica.replica().id())
                        && replica.report().alive());
    }

    private static String describe(Elected elected) {
        String master = elected.view().group().master().map(BrokerId::toString).orElse("nobody");
        return elected.changed()
                ? "broker " + master + " is master now, under epoch "
                        + elected.view().group().masterEpoch()
                : "nothing has changed: broker " + master + " is master";
    }

    private CompletionStage<Answer> act(
            Request request,
            String what,
            Predicate<Target> isWhole,
            String needs,
            Function<Target, CompletionStage<Answer>> action) {
        Optional<Answer> refusal = signIn.refusalOfAction(request);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        Optional<Target> target = Target.of(SignIn.members(request.body())).filter(isWhole);
        if (target.isEmpty()) {
            return said(400, needs);
        }
        return action.apply(target.get()).thenApply(answer -> {
            LOG.info(
                    "event=console_action what={} remote={} target=\"{}\" status={}",
                    what,
                    request.remote(),
                    target.get(),
                    answer.status());
            return answer;
        });
    }

    private static CompletionStage<Answer> said(int status, String message) {
        return CompletableFuture.completedFuture(ConsoleCalls.said(status, message));
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
