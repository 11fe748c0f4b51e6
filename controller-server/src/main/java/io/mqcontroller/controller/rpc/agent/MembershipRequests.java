package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.remoting.BadRequestException;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.proto.controller.AddLearner;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.MembershipResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Requests about the controllers' own cluster, and their answers. */
final class MembershipRequests {
    /** What may stand in {@code controllerDLegerPeers}. */
    private static final Pattern ID = Pattern.compile("[^-;,\\s\\p{Cntrl}]{1,64}");

    private static final Pattern ADDRESS = Pattern.compile("[^\\s/\\p{Cntrl};,]{1,249}:[1-9][0-9]{0,4}");

    private static final Supplier<ServerFrame.Builder> NOT_LEADER =
            () -> AgentAnswers.failed(StatusCode.NOT_LEADER, "this controller does not lead; nothing was changed");

    private final ControllerMembership membership;
    private final OperatorActions actions;

    MembershipRequests(ControllerMembership membership, OperatorActions actions) {
        this.membership = membership;
        this.actions = actions;
    }

    /** @param by address of who asks for it */
    CompletionStage<ServerFrame.Builder> serve(MembershipRequest request, String by) throws BadRequestException {
        return begin(request).thenApply(answer -> {
            if (answer.getStatus().getCode() == StatusCode.OK) {
                actions.asked(describe(request), by);
            }
            return answer;
        });
    }

    private static String describe(MembershipRequest request) {
        return switch (request.getChangeCase()) {
            case ADD_LEARNER ->
                "add controller " + request.getAddLearner().getNodeId() + " at "
                        + request.getAddLearner().getAddress();
            case PROMOTE -> "promote controller " + request.getPromote().getNodeId();
            case REMOVE -> "remove controller " + request.getRemove().getNodeId();
            case REPLACE ->
                "replace controller " + request.getReplace().getVoter() + " by "
                        + request.getReplace().getLearner();
            case TRANSFER ->
                request.getTransfer().getNodeId().isEmpty()
                        ? "hand leadership on"
                        : "hand leadership to " + request.getTransfer().getNodeId();
            case CHANGE_NOT_SET -> "";
        };
    }

    private CompletionStage<ServerFrame.Builder> begin(MembershipRequest request) throws BadRequestException {
        return switch (request.getChangeCase()) {
            case ADD_LEARNER -> add(request.getAddLearner());
            case PROMOTE ->
                change(new MembershipChange.Promote(
                        id("promote.node_id", request.getPromote().getNodeId())));
            case REMOVE ->
                change(new MembershipChange.Remove(
                        id("remove.node_id", request.getRemove().getNodeId())));
            case REPLACE ->
                change(new MembershipChange.Replace(
                        id("replace.voter", request.getReplace().getVoter()),
                        id("replace.learner", request.getReplace().getLearner())));
            case TRANSFER -> transfer(request.getTransfer().getNodeId());
            case CHANGE_NOT_SET -> throw new BadRequestException("the request names no change that this version knows");
        };
    }

    private CompletionStage<ServerFrame.Builder> add(AddLearner add) throws BadRequestException {
        NodeId id = id("add_learner.node_id", add.getNodeId());
        String address = address("add_learner.address", add.getAddress());
        String advertised = add.getAdvertisedAddress().isEmpty()
                ? address
                : address("add_learner.advertised_address", add.getAdvertisedAddress());
        return membership
                .addLearner(id, ControllerMembers.addressOf(address, advertised))
                .thenApply(this::answerTo);
    }

    private CompletionStage<ServerFrame.Builder> change(MembershipChange change) {
        return membership.change(change).thenApply(this::answerTo);
    }

    private CompletionStage<ServerFrame.Builder> transfer(String target) throws BadRequestException {
        Optional<NodeId> wanted = target.isEmpty() ? Optional.empty() : Optional.of(id("transfer.node_id", target));
        if (membership.status().role() != RoleName.LEADER) {
            return CompletableFuture.completedFuture(NOT_LEADER.get());
        }
        return membership
                .transferLeadership(wanted)
                .thenApply(done -> done
                        ? members()
                        : AgentAnswers.failed(
                                StatusCode.CHANGE_REFUSED, "NOT_TRANSFERRED: nobody fit took over in time"));
    }

    private ServerFrame.Builder answerTo(MembershipResult result) {
        if (result instanceof MembershipResult.Done) {
            return members();
        } else if (result instanceof MembershipResult.NotDone refused) {
            return refused.reason() == MembershipRejection.NOT_LEADER
                    ? NOT_LEADER.get()
                    : AgentAnswers.failed(
                            StatusCode.CHANGE_REFUSED, refused.reason() + ": " + meaningOf(refused.reason()));
        } else if (result instanceof MembershipResult.NotAdmitted no) {
            return AgentAnswers.failed(StatusCode.CHANGE_REFUSED, "NOT_ADMITTED: " + no.reason());
        } else if (result instanceof MembershipResult.Unknown) {
            return AgentAnswers.failed(
                    StatusCode.UNKNOWN_OUTCOME,
                    "leadership was lost before the change was committed; look at the members");
        }
        throw new AssertionError("unhandled " + result);
    }

    private static String meaningOf(MembershipRejection reason) {
        return switch (reason) {
            case NOT_LEADER -> "this controller does not lead";
            case NOT_READY -> "the leader is new; try again in a moment";
            case TRANSFERRING -> "leadership is being handed on; ask the next leader";
            case CHANGE_UNDER_WAY -> "another change is not done yet; one at a time";
            case NOT_CAUGHT_UP -> "the learner lacks a part of the log, or is silent; wait until its lag is small";
            case ALREADY_MEMBER -> "it is a member already";
            case ALREADY_VOTER -> "it votes already";
            case ID_WAS_USED -> "this id belonged to a member that was removed; take one that was never used";
            case UNKNOWN_MEMBER -> "no member has this id";
            case NOT_A_VOTER -> "it is a learner; only a voter can be replaced";
            case LAST_VOTER -> "without it nobody could decide anything any more";
            case MAJORITY_AT_RISK ->
                "of those who would vote then too few answer with a sound store; bring them back first";
        };
    }

    /** The members as they are now. */
    ServerFrame.Builder members() {
        RaftStatus status = membership.status();
        Configuration now = status.configuration();
        MembersReply.Builder reply = MembersReply.newBuilder()
                .setOwnPart(partOf(membership.state()))
                .setTerm(status.term())
                .setCommitIndex(status.commitIndex())
                .setConfigurationIndex(status.configurationIndex())
                .setCommitted(status.commitIndex() >= status.configurationIndex());
        now.members().values().forEach(member -> reply.addMembers(show(member, status)));
        now.removed().forEach(id -> reply.addRemoved(id.value()));
        return AgentAnswers.failed(StatusCode.OK, "").setMembers(reply);
    }

    private static Member show(ConfiguredMember member, RaftStatus status) {
        String[] addresses = member.address().split(",", 2);
        Member.Builder shown = Member.newBuilder()
                .setNodeId(member.id().value())
                .setAddress(addresses[0])
                .setAdvertisedAddress(addresses[addresses.length - 1])
                .setPart(partOf(member.id(), status.configuration()))
                .setLeader(status.leader().equals(Optional.of(member.id())));
        if (member.id().equals(status.self())) {
            shown.setLagKnown(shown.getLeader()).setMatchIndex(status.last().index());
        }
        status.followers().stream()
                .filter(follower -> follower.id().equals(member.id()))
                .forEach(follower -> shown.setLagKnown(true)
                        .setMatchIndex(follower.matchIndex())
                        .setLagEntries(Math.max(0, status.last().index() - follower.matchIndex())));
        return shown.build();
    }

    private static MemberPart partOf(NodeId id, Configuration configuration) {
        if (configuration.voters().contains(id)) {
            return MemberPart.VOTER;
        }
        return configuration.isVoter(id) ? MemberPart.LEAVING_VOTER : MemberPart.LEARNER;
    }

    static MemberPart partOf(MemberState state) {
        return switch (state) {
            case FORMING -> MemberPart.FORMING;
            case STORE_LOST -> MemberPart.STORE_LOST;
            case WAITING_TO_JOIN -> MemberPart.WAITING_TO_JOIN;
            case LEARNER -> MemberPart.LEARNER;
            case VOTER -> MemberPart.VOTER;
            case REMOVED -> MemberPart.REMOVED;
        };
    }

    private static NodeId id(String field, String value) throws BadRequestException {
        if (!ID.matcher(value).matches()) {
            throw new BadRequestException(
                    field + " must have 1 to 64 characters, none of them a dash, comma, semicolon or space");
        }
        return new NodeId(value);
    }

    private static String address(String field, String value) throws BadRequestException {
        if (!ADDRESS.matcher(value).matches()) {
            throw new BadRequestException(field + " must be host:port");
        }
        return value;
    }
}
