package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The use cases as messages to the loop. */
final class LoopService implements ControllerService {
    private final ControllerLoop loop;

    LoopService(ControllerLoop loop) {
        this.loop = loop;
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
    public void heartbeat(Heartbeat heartbeat) {
        loop.offer(new ControllerEvent.HeartbeatReceived(heartbeat), "heartbeat");
    }

    @Override
    public void connectionClosed(ConnectionId connection) {
        loop.put(new ControllerEvent.ConnectionClosed(connection));
    }

    private <Q, T> CompletionStage<Reply<T>> ask(ControllerEvent.UseCase<Q, T> useCase, Q request) {
        CompletableFuture<Reply<T>> answer = new CompletableFuture<>();
        if (!loop.offer(new ControllerEvent.Ask<>(useCase, request, answer::complete), "request")) {
            answer.complete(new Reply.Refused<>(
                    Refusal.OVERLOADED, "too many requests wait for the controller; nothing was changed, ask again"));
        }
        return answer;
    }
}
