package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.remoting.BadRequestException;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.rpc.agent.NodeInspector.CapturedPart;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.SnapshotReply;
import io.mqcontroller.proto.controller.SnapshotRequest;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The replicated state as a whole, for an operator's file. */
final class SnapshotRequests {
    private final ControllerService service;
    private final ControllerMembers members;
    private final ControllerMembership membership;
    private final NodeInspector inspector;

    SnapshotRequests(
            ControllerService service,
            ControllerMembers members,
            ControllerMembership membership,
            NodeInspector inspector) {
        this.service = service;
        this.members = members;
        this.membership = membership;
        this.inspector = inspector;
    }

    CompletionStage<ServerFrame.Builder> serve(SnapshotRequest request) throws BadRequestException {
        if (request.getOffset() < 0) {
            throw new BadRequestException("nothing has so many bytes");
        }
        return request.getCapture() == 0
                ? capture()
                : inspector
                        .captured(request.getCapture(), request.getOffset())
                        .thenApply(part -> answer(part, membership.status()));
    }

    /** The question before it is answered only by a leader that has applied all that was acknowledged before. */
    private CompletionStage<ServerFrame.Builder> capture() {
        return service.groups(new GroupQuery("", "", Optional.empty(), 1)).thenCompose(first -> {
            if (first instanceof Reply.Done) {
                RaftStatus status = membership.status();
                return inspector.capture().thenApply(part -> answer(part, status));
            }
            return CompletableFuture.completedFuture(AgentAnswers.of(first, (frame, page) -> {}));
        });
    }

    private ServerFrame.Builder answer(Optional<CapturedPart> part, RaftStatus status) {
        SnapshotReply.Builder reply = SnapshotReply.newBuilder()
                .setControllerCluster(members.group())
                .setIndex(status.appliedIndex())
                .setTerm(status.term());
        part.ifPresent(found -> reply.setCapture(found.capture())
                .setTotalBytes(found.totalBytes())
                .setPart(found.bytes()));
        return AgentAnswers.failed(StatusCode.OK, "")
                .setOperator(OperatorReply.newBuilder().setSnapshot(reply));
    }
}
