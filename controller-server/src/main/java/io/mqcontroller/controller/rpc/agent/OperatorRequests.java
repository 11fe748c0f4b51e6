package io.mqcontroller.controller.rpc.agent;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.BadRequestException;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.rpc.agent.NodeInspector.Inspection;
import io.mqcontroller.proto.controller.CleanGroupReply;
import io.mqcontroller.proto.controller.ConfigChangeReply;
import io.mqcontroller.proto.controller.ConfigChangeRequest;
import io.mqcontroller.proto.controller.ConfigReply;
import io.mqcontroller.proto.controller.ConfigValue;
import io.mqcontroller.proto.controller.DiagnosticsReply;
import io.mqcontroller.proto.controller.DiagnosticsText;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.GroupsRequest;
import io.mqcontroller.proto.controller.LogLevelReply;
import io.mqcontroller.proto.controller.LogLevelRequest;
import io.mqcontroller.proto.controller.NodeDrainReply;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StateHashReply;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What only operators ask, and its answers. */
final class OperatorRequests {
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private final ControllerService service;
    private final ControllerMembers members;
    private final ControllerMembership membership;
    private final NodeInspector inspector;
    private final OperatorActions actions;
    private final String version;
    private final SnapshotRequests snapshots;

    OperatorRequests(
            ControllerService service,
            ControllerMembers members,
            ControllerMembership membership,
            NodeInspector inspector,
            OperatorActions actions,
            String version) {
        this.service = service;
        this.members = members;
        this.membership = membership;
        this.inspector = inspector;
        this.actions = actions;
        this.version = version;
        snapshots = new SnapshotRequests(service, members, membership, inspector);
    }

    CompletionStage<ServerFrame.Builder> serve(OperatorRequest request, AgentRequests requests)
            throws BadRequestException {
        return switch (request.getKindCase()) {
            case NODE_STATUS -> inspector.inspect().thenApply(this::nodeStatus);
            case GROUPS ->
                service.groups(query(request.getGroups(), requests))
                        .thenApply(reply -> AgentAnswers.of(
                                reply,
                                (frame, page) -> frame.setOperator(
                                        OperatorReply.newBuilder().setGroups(GroupDetailsAnswers.of(page)))));
            case CLEAN_GROUP -> clean(requests.cleanBrokers(request.getCleanGroup()), requests.remote());
            case EVENTS ->
                done(OperatorReply.newBuilder().setEvents(EventAnswers.of(inspector.history(), request.getEvents())));
            case STATE_HASH ->
                inspector
                        .stateHash(request.getStateHash().getIndex())
                        .thenApply(hash -> answer(OperatorReply.newBuilder().setStateHash(stateHash(hash))));
            case LOG_LEVEL -> done(OperatorReply.newBuilder().setLogLevel(logLevel(request.getLogLevel())));
            case CONFIG -> done(OperatorReply.newBuilder().setConfig(configuration()));
            case CONFIG_CHANGE -> change(request.getConfigChange(), requests.remote());
            case DIAGNOSTICS -> inspector.diagnostics().thenApply(OperatorRequests::diagnostics);
            case SNAPSHOT -> snapshots.serve(request.getSnapshot());
            case NODE_DRAIN -> drain(request.getNodeDrain().getDrained(), requests.remote());
            case KIND_NOT_SET ->
                CompletableFuture.completedFuture(AgentAnswers.failed(
                        StatusCode.UNSUPPORTED,
                        "this version does not know what is asked for; upgrade the controllers"));
        };
    }

    private CompletionStage<ServerFrame.Builder> clean(CleanBrokers wanted, String by) {
        return actions.cleaned(service.cleanBrokers(wanted), wanted, by)
                .thenApply(reply -> AgentAnswers.of(
                        reply,
                        (frame, group) -> frame.setOperator(
                                OperatorReply.newBuilder().setCleanGroup(CleanGroupReply.getDefaultInstance()))));
    }

    private static StateHashReply stateHash(Optional<NodeInspector.StateHash> hash) {
        return hash.map(found -> StateHashReply.newBuilder()
                        .setKnown(true)
                        .setDecidedTerm(found.decidedTerm())
                        .setSequence(found.sequence())
                        .setHash(ByteString.copyFrom(HexFormat.of().parseHex(found.hash())))
                        .setGroups(found.groups())
                        .build())
                .orElse(StateHashReply.getDefaultInstance());
    }

    private LogLevelReply logLevel(LogLevelRequest request) throws BadRequestException {
        String logger = request.getLogger();
        String level = request.getLevel().toUpperCase(Locale.ROOT);
        if (!level.isEmpty() && !LEVELS.contains(level)) {
            throw new BadRequestException("level " + request.getLevel() + " is none; there are " + LEVELS);
        }
        if (!level.isEmpty()) {
            inspector.setLogLevel(logger, level);
        }
        String now = inspector
                .logLevel(logger)
                .orElseThrow(() -> new BadRequestException(
                        "no logger is called " + logger + "; one is for instance io.mqcontroller.controller"));
        return LogLevelReply.newBuilder().setLogger(logger).setLevel(now).build();
    }

    private ConfigReply configuration() {
        ConfigReply.Builder reply = ConfigReply.newBuilder();
        inspector
                .configuration()
                .forEach((key, value) ->
                        reply.addValues(ConfigValue.newBuilder().setKey(key).setValue(value)));
        return reply.build();
    }

    private CompletionStage<ServerFrame.Builder> change(ConfigChangeRequest request, String by) {
        return inspector
                .changeConfiguration(request.getKey(), request.getValue(), request.getDryRun(), by)
                .thenApply(change -> change.refused()
                        .map(why -> AgentAnswers.failed(StatusCode.PRECONDITION_FAILED, why))
                        .orElseGet(() -> answer(OperatorReply.newBuilder()
                                .setConfigChange(ConfigChangeReply.newBuilder().setValueBefore(change.before())))));
    }

    private static ServerFrame.Builder diagnostics(Map<String, String> texts) {
        DiagnosticsReply.Builder reply = DiagnosticsReply.newBuilder();
        texts.forEach((name, text) ->
                reply.addTexts(DiagnosticsText.newBuilder().setName(name).setText(text)));
        return answer(OperatorReply.newBuilder().setDiagnostics(reply));
    }

    private static CompletionStage<ServerFrame.Builder> done(OperatorReply.Builder reply) {
        return CompletableFuture.completedFuture(answer(reply));
    }

    /** It goes on voting: only that it leads, and is routed to, is to end. */
    private CompletionStage<ServerFrame.Builder> drain(boolean drained, String by) {
        if (inspector.drained(drained)) {
            actions.controllerDrained(drained, by);
        }
        boolean leads = membership.status().role() == RoleName.LEADER;
        CompletionStage<Boolean> others = drained && leads
                ? membership.transferLeadership(Optional.empty())
                : CompletableFuture.completedFuture(!leads);
        return others.thenApply(lead -> answer(OperatorReply.newBuilder()
                .setNodeDrain(NodeDrainReply.newBuilder().setLeads(!lead))));
    }

    private static GroupQuery query(GroupsRequest request, AgentRequests requests) throws BadRequestException {
        Optional<GroupKey> after =
                request.hasAfter() ? Optional.of(requests.group(request.getAfter())) : Optional.empty();
        return new GroupQuery(request.getCluster(), request.getBrokerName(), after, request.getLimit());
    }

    private ServerFrame.Builder nodeStatus(Inspection inspection) {
        RaftStatus status = membership.status();
        NodeStatusReply.Builder reply = NodeStatusReply.newBuilder()
                .setNodeId(status.self().value())
                .setControllerCluster(members.group())
                .setSoftwareVersion(version)
                .setOwnPart(MembershipRequests.partOf(membership.state()))
                .setRole(roleOf(status.role()))
                .setReady(status.ready())
                .setTerm(status.term())
                .setLeader(status.leader().map(NodeId::value).orElse(""))
                .setCommitIndex(status.commitIndex())
                .setAppliedIndex(status.appliedIndex())
                .setLastIndex(status.last().index())
                .setDurableIndex(status.durableIndex())
                .setSnapshotIndex(status.snapshot().index())
                .setStoreBytes(inspection.storeBytes())
                .setDiskFreeBytes(inspection.diskFreeBytes())
                .setUptimeMs(inspection.uptimeMs());
        inspection
                .failed()
                .forEach(check -> reply.addFailedChecks(
                        FailedCheck.newBuilder().setName(check.name()).setMessage(check.message())));
        return answer(OperatorReply.newBuilder().setNodeStatus(reply));
    }

    private static ServerFrame.Builder answer(OperatorReply.Builder reply) {
        return AgentAnswers.failed(StatusCode.OK, "").setOperator(reply);
    }

    private static NodeRole roleOf(RoleName role) {
        return switch (role) {
            case FOLLOWER -> NodeRole.FOLLOWER;
            case PRE_CANDIDATE -> NodeRole.PRE_CANDIDATE;
            case CANDIDATE -> NodeRole.CANDIDATE;
            case LEADER -> NodeRole.LEADER;
        };
    }
}
