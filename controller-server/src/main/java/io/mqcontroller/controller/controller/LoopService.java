package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The use cases as events for a {@link ControllerCore}, whoever drives it: the stages complete in the turn of the core that
 * answers, on its thread.
 */
public final class LoopService implements ControllerService {
    private final EventQueue queue;

    public LoopService(EventQueue queue) {
        this.queue = Objects.requireNonNull(queue, "queue");
    }

    /** Where events wait for the core's next turn, in order. */
    public interface EventQueue {
        /** False: too much waits, and the event is dropped; {@code what} it was is counted. */
        boolean offer(ControllerEvent event, String what);

        /** For an event that must not be lost. */
        void put(ControllerEvent event);
    }

    @Override
    public CompletionStage<Reply<Long>> nextBrokerId(GroupKey group) {
        return ask(UseCases::nextBrokerId, group);
    }

    @Override
    public CompletionStage<Reply<GroupKey>> applyBrokerId(ApplyBrokerId request) {
        return ask(UseCases::applyBrokerId, request);
    }

    @Override
    public CompletionStage<Reply<RoleView>> register(Register request) {
        return ask(UseCases::register, request);
    }

    @Override
    public CompletionStage<Reply<Elected>> electMaster(ElectMaster request) {
        return ask(UseCases::electMaster, request);
    }

    @Override
    public CompletionStage<Reply<RoleView>> alterSyncStateSet(AlterSyncStateSet request) {
        return ask(UseCases::alterSyncStateSet, request);
    }

    @Override
    public CompletionStage<Reply<RoleView>> replicaInfo(GroupRef group) {
        return ask(UseCases::replicaInfo, group);
    }

    @Override
    public CompletionStage<Reply<List<RoleView>>> syncStateData(List<String> brokerNames, ConnectionId connection) {
        return ask(UseCases::syncStateData, new UseCases.NamedGroups(brokerNames, connection));
    }

    @Override
    public CompletionStage<Reply<GroupKey>> cleanBrokers(CleanBrokers request) {
        return ask(UseCases::cleanBrokers, request);
    }

    @Override
    public CompletionStage<Reply<GroupDetails.Page>> groups(GroupQuery query) {
        return ask(UseCases::groups, query);
    }

    @Override
    public CompletionStage<Reply<LeaseAnswer>> agentHeartbeat(AgentHeartbeat heartbeat) {
        return ask(UseCases::agentHeartbeat, heartbeat);
    }

    @Override
    public CompletionStage<Reply<Elected>> switchOver(SwitchOver request) {
        return ask(UseCases::switchOver, request);
    }

    @Override
    public CompletionStage<Reply<Drained>> drain(Drain request) {
        return ask(UseCases::drain, request);
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
        queue.offer(new ControllerEvent.HeartbeatReceived(heartbeat), "heartbeat");
    }

    @Override
    public void connectionClosed(ConnectionId connection) {
        queue.put(new ControllerEvent.ConnectionClosed(connection));
    }

    private <Q, T> CompletionStage<Reply<T>> ask(ControllerEvent.UseCase<Q, T> useCase, Q request) {
        CompletableFuture<Reply<T>> answer = new CompletableFuture<>();
        if (!queue.offer(new ControllerEvent.Ask<>(useCase, request, answer::complete), "request")) {
            answer.complete(new Reply.Refused<>(
                    Refusal.OVERLOADED, "too many requests wait for the controller; nothing was changed, ask again"));
        }
        return answer;
    }
}
