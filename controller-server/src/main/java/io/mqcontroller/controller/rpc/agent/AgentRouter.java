package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.remoting.BadRequestException;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.remoting.LogThrottle;
import io.mqcontroller.proto.controller.ApplyBrokerIdReply;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.ClusterReply;
import io.mqcontroller.proto.controller.ControllerMember;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.NextBrokerIdReply;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.ServerHello;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.NodeId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads each request to its use case, and turns the reply into the answer. Shared by all connections; keeps nothing. */
final class AgentRouter {
    static final int PROTOCOL_VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(AgentRouter.class);
    private static final LogThrottle FAILURE_LOG = new LogThrottle(10_000);

    private final ControllerService service;
    private final ControllerMembers members;
    private final ControllerMembership controllers;
    private final MembershipRequests membership;
    private final OperatorRequests operators;
    private final OperatorActions actions;
    private final String version;
    private final int maxSlaves;

    AgentRouter(
            ControllerService service,
            ControllerMembers members,
            ControllerMembership membership,
            NodeInspector inspector,
            OperatorActions actions,
            String version,
            int maxSlaves) {
        this.service = service;
        this.members = members;
        this.controllers = membership;
        this.membership = new MembershipRequests(membership, actions);
        operators = new OperatorRequests(service, members, membership, inspector, actions, version);
        this.actions = actions;
        this.version = version;
        this.maxSlaves = maxSlaves;
    }

    AgentRequests requestsOf(ConnectionId connection, ClientHello hello, String remote) {
        return new AgentRequests(connection, hello.getKind() == NodeKind.TOOL, remote, maxSlaves);
    }

    void connectionClosed(ConnectionId connection) {
        service.connectionClosed(connection);
    }

    /** The answer to the first word of a connection: with code OK, or with why it is refused. */
    ServerFrame.Builder hello(ClientHello hello) {
        if (hello.getProtocolVersion() < PROTOCOL_VERSION) {
            return withHello(AgentAnswers.failed(
                    StatusCode.UNSUPPORTED_VERSION,
                    "this controller speaks protocol version " + PROTOCOL_VERSION + ", not "
                            + hello.getProtocolVersion()));
        }
        if (!hello.getControllerCluster().isEmpty()
                && !hello.getControllerCluster().equals(members.group())) {
            return withHello(AgentAnswers.failed(
                    StatusCode.WRONG_CLUSTER,
                    "this is a controller of " + members.group() + ", not of " + hello.getControllerCluster()
                            + "; correct the addresses of the controllers or the name of their cluster"));
        }
        if (hello.getKind() != NodeKind.AGENT && hello.getKind() != NodeKind.TOOL) {
            return withHello(AgentAnswers.failed(StatusCode.BAD_REQUEST, "kind must be AGENT or TOOL"));
        }
        return withHello(AgentAnswers.failed(StatusCode.OK, ""));
    }

    private ServerFrame.Builder withHello(ServerFrame.Builder frame) {
        return frame.setHello(ServerHello.newBuilder()
                .setProtocolVersion(PROTOCOL_VERSION)
                .setControllerCluster(members.group())
                .setNodeId(members.self().value())
                .setSoftwareVersion(version));
    }

    LeaderHint leader() {
        return members.leader().map(this::hint).orElse(LeaderHint.getDefaultInstance());
    }

    LeaderHint hint(NodeId leader) {
        return LeaderHint.newBuilder()
                .setNodeId(leader.value())
                .setAddress(members.addresses().getOrDefault(leader, ""))
                .build();
    }

    /** @param answer is called once, on any thread, with what makes the answer */
    void serve(ClientFrame frame, AgentRequests requests, Consumer<Supplier<ServerFrame.Builder>> answer) {
        try {
            dispatch(frame, requests, answer);
        } catch (BadRequestException e) {
            answer.accept(() -> AgentAnswers.failed(StatusCode.BAD_REQUEST, e.getMessage()));
        } catch (RuntimeException e) {
            answer.accept(() -> failed(frame.getKindCase(), e));
        }
    }

    private void dispatch(ClientFrame frame, AgentRequests requests, Consumer<Supplier<ServerFrame.Builder>> answer)
            throws BadRequestException {
        switch (frame.getKindCase()) {
            case NEXT_BROKER_ID ->
                answer(
                        answer,
                        service.nextBrokerId(
                                requests.group(frame.getNextBrokerId().getGroup())),
                        (done, id) -> done.setNextBrokerId(
                                NextBrokerIdReply.newBuilder().setBrokerId(id)));
            case APPLY_BROKER_ID ->
                answer(
                        answer,
                        service.applyBrokerId(requests.applyBrokerId(frame.getApplyBrokerId())),
                        (done, group) -> done.setApplyBrokerId(ApplyBrokerIdReply.getDefaultInstance()));
            case REGISTER ->
                answer(answer, service.register(requests.register(frame.getRegister())), AgentAnswers::group);
            case HEARTBEAT ->
                answer(
                        answer,
                        service.agentHeartbeat(requests.heartbeat(frame.getHeartbeat())),
                        AgentAnswers::heartbeat);
            case ALTER_SYNC_STATE_SET ->
                answer(
                        answer,
                        service.alterSyncStateSet(requests.alterSyncStateSet(frame.getAlterSyncStateSet())),
                        AgentAnswers::group);
            case ELECT_MASTER ->
                answer(answer, elect(requests.electMaster(frame.getElectMaster()), requests), AgentAnswers::elected);
            case SWITCH_OVER -> {
                SwitchOver wanted = requests.switchOver(frame.getSwitchOver());
                answer(
                        answer,
                        actions.switchedOver(service.switchOver(wanted), wanted, requests.remote()),
                        AgentAnswers::switchedOver);
            }
            case DRAIN -> drain(frame, requests, answer);
            case GROUP ->
                answer(
                        answer,
                        service.replicaInfo(requests.groupRef(frame.getGroup().getGroup())),
                        AgentAnswers::group);
            case CLUSTER -> answer.accept(this::cluster);
            case MEMBERS -> answer.accept(membership::members);
            case MEMBERSHIP -> answer(answer, frame, membership.serve(frame.getMembership(), requests.remote()));
            case OPERATOR -> answer(answer, frame, operators.serve(frame.getOperator(), requests));
            case HELLO -> throw new BadRequestException("hello has been said on this connection");
            case KIND_NOT_SET ->
                answer.accept(() -> AgentAnswers.failed(
                        StatusCode.UNSUPPORTED,
                        "this version does not know what is asked for; upgrade the controllers"));
        }
    }

    /** Agents elect, too. */
    private CompletionStage<Reply<Elected>> elect(ElectMaster wanted, AgentRequests requests) {
        CompletionStage<Reply<Elected>> election = service.electMaster(wanted);
        return requests.isTool() ? actions.elected(election, wanted, requests.remote()) : election;
    }

    /** Controllers that don't know the record would stop at it. */
    private void drain(ClientFrame frame, AgentRequests requests, Consumer<Supplier<ServerFrame.Builder>> answer)
            throws BadRequestException {
        Optional<String> refusal =
                ControllerMembership.refusalOfDrain(controllers.without(ControllerMembership.KNOWS_DRAIN));
        if (refusal.isEmpty()) {
            Drain wanted = requests.drain(frame.getDrain());
            answer(answer, actions.drained(service.drain(wanted), wanted, requests.remote()), AgentAnswers::drained);
        } else {
            answer.accept(() -> AgentAnswers.failed(StatusCode.UNSUPPORTED, refusal.get()));
        }
    }

    private static <T> void answer(
            Consumer<Supplier<ServerFrame.Builder>> answer,
            CompletionStage<Reply<T>> stage,
            BiConsumer<ServerFrame.Builder, T> show) {
        stage.whenComplete((reply, failure) -> answer.accept(
                failure == null
                        ? () -> AgentAnswers.of(reply, show)
                        : () -> failed(ClientFrame.KindCase.KIND_NOT_SET, failure)));
    }

    private static void answer(
            Consumer<Supplier<ServerFrame.Builder>> answer,
            ClientFrame frame,
            CompletionStage<ServerFrame.Builder> stage) {
        stage.whenComplete((done, failure) ->
                answer.accept(failure == null ? () -> done : () -> failed(frame.getKindCase(), failure)));
    }

    private ServerFrame.Builder cluster() {
        ClusterReply.Builder cluster = ClusterReply.newBuilder();
        members.addresses()
                .forEach((id, address) -> cluster.addMembers(
                        ControllerMember.newBuilder().setNodeId(id.value()).setAddress(address)));
        return AgentAnswers.failed(StatusCode.OK, "").setCluster(cluster);
    }

    /** It may have been done before it failed. */
    private static ServerFrame.Builder failed(ClientFrame.KindCase kind, Throwable failure) {
        if (FAILURE_LOG.admits()) {
            LOG.error("event=request_failed kind={} skipped={}", kind, FAILURE_LOG.takeSkipped(), failure);
        }
        return AgentAnswers.failed(StatusCode.UNKNOWN_OUTCOME, "internal error: " + failure);
    }
}
