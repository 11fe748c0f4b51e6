package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.controller.AddLearner;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembersRequest;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.PromoteLearner;
import io.mqcontroller.proto.controller.RemoveMember;
import io.mqcontroller.proto.controller.ReplaceVoter;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.Status;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.controller.TransferLeadership;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.MembershipResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MembershipRequestsTest {
    private final AgentChannel tool = AgentChannel.greeted();

    @AfterEach
    void releaseAll() {
        AgentChannel.releaseAll();
    }

    private ServerFrame ask(MembershipRequest.Builder request) {
        return tool.call(
                ClientFrame.newBuilder().setRequestId(7).setMembership(request).build());
    }

    private Status refusal(MembershipRequest.Builder request) {
        return ask(request).getStatus();
    }

    private static MembershipRequest.Builder promote(String id) {
        return MembershipRequest.newBuilder()
                .setPromote(PromoteLearner.newBuilder().setNodeId(id));
    }

    private static MembershipRequest.Builder add(String id, String address, String advertised) {
        return MembershipRequest.newBuilder()
                .setAddLearner(AddLearner.newBuilder()
                        .setNodeId(id)
                        .setAddress(address)
                        .setAdvertisedAddress(advertised));
    }

    @Test
    void membersAreShownWithPartAndLag() {
        MembersReply reply = tool.call(ClientFrame.newBuilder()
                        .setRequestId(7)
                        .setMembers(MembersRequest.getDefaultInstance())
                        .build())
                .getMembers();
        assertEquals(MemberPart.VOTER, reply.getOwnPart());
        assertEquals(96, reply.getConfigurationIndex());
        assertEquals(false, reply.getCommitted());
        assertEquals(List.of("old"), reply.getRemovedList());
        Member.Builder shown = Member.newBuilder().setLagKnown(true);
        assertEquals(
                List.of(
                        shown.setNodeId("n0")
                                .setAddress("10.0.0.1:9877")
                                .setAdvertisedAddress("10.0.0.1:9877")
                                .setPart(MemberPart.VOTER)
                                .setLeader(true)
                                .setMatchIndex(100)
                                .build(),
                        shown.setNodeId("n1")
                                .setAddress("10.0.0.2:9877")
                                .setAdvertisedAddress("outside:1")
                                .setPart(MemberPart.LEAVING_VOTER)
                                .setLeader(false)
                                .setMatchIndex(90)
                                .setLagEntries(10)
                                .build(),
                        shown.setNodeId("n2")
                                .setAddress("10.0.0.3:9877")
                                .setAdvertisedAddress("10.0.0.3:9877")
                                .setPart(MemberPart.LEARNER)
                                .setMatchIndex(100)
                                .setLagEntries(0)
                                .build()),
                reply.getMembersList());
    }

    @Test
    void oneThatDoesNotLeadPassesLeadershipToNobodyAndSaysWhoLeads() {
        tool.membership.role = RoleName.FOLLOWER;
        ServerFrame answer = ask(MembershipRequest.newBuilder().setTransfer(TransferLeadership.getDefaultInstance()));
        assertEquals(StatusCode.NOT_LEADER, answer.getStatus().getCode());
        assertEquals(List.of(), tool.membership.asked);
    }

    @Test
    void changesArePassedOnAndAnsweredWithTheMembers() {
        tool.membership.result = new MembershipResult.Done(Configuration.NONE);
        tool.membership.transferred = true;
        ask(add("n3", "10.0.0.4:1", ""));
        ask(add("n3", "10.0.0.4:1", "outside:2"));
        ask(promote("n3"));
        ask(MembershipRequest.newBuilder().setRemove(RemoveMember.newBuilder().setNodeId("n1")));
        ask(MembershipRequest.newBuilder()
                .setReplace(ReplaceVoter.newBuilder().setVoter("n1").setLearner("n2")));
        ask(MembershipRequest.newBuilder().setTransfer(TransferLeadership.getDefaultInstance()));
        ServerFrame last = ask(MembershipRequest.newBuilder()
                .setTransfer(TransferLeadership.newBuilder().setNodeId("n1")));
        assertEquals(StatusCode.OK, last.getStatus().getCode());
        assertEquals(3, last.getMembers().getMembersCount());
        NodeId n1 = new NodeId("n1");
        assertEquals(
                List.of(
                        "n3 10.0.0.4:1",
                        "n3 10.0.0.4:1,outside:2",
                        new MembershipChange.Promote(new NodeId("n3")),
                        new MembershipChange.Remove(n1),
                        new MembershipChange.Replace(n1, new NodeId("n2")),
                        Optional.empty(),
                        Optional.of(n1)),
                tool.membership.asked);
    }

    @ParameterizedTest
    @EnumSource
    void eachRefusalIsExplainedByName(MembershipRejection reason) {
        tool.membership.result = new MembershipResult.NotDone(reason, Optional.empty());
        Status refusal = refusal(promote("n2"));
        if (reason == MembershipRejection.NOT_LEADER) {
            assertEquals(StatusCode.NOT_LEADER, refusal.getCode());
        } else {
            assertEquals(StatusCode.CHANGE_REFUSED, refusal.getCode());
            assertTrue(refusal.getMessage().startsWith(reason + ": "), refusal.getMessage());
        }
    }

    @Test
    void whatElseCanBecomeOfAChange() {
        assertEquals(StatusCode.UNKNOWN_OUTCOME, refusal(promote("n2")).getCode());
        tool.membership.result = new MembershipResult.NotAdmitted("nobody is there");
        assertEquals(
                "NOT_ADMITTED: nobody is there",
                refusal(add("n3", "10.0.0.4:1", "")).getMessage());
        assertEquals(
                StatusCode.CHANGE_REFUSED,
                refusal(MembershipRequest.newBuilder().setTransfer(TransferLeadership.getDefaultInstance()))
                        .getCode());
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeRaftSeesIt() {
        for (MembershipRequest.Builder bad : List.of(
                MembershipRequest.newBuilder(),
                promote(""),
                promote("n-1"),
                promote("n;1"),
                promote("n".repeat(65)),
                add("n3", "10.0.0.4", ""),
                add("n3", "10.0.0.4:1,x:2", ""),
                add("n3", "10.0.0.4:1", "x"))) {
            assertEquals(StatusCode.BAD_REQUEST, refusal(bad).getCode(), bad.toString());
        }
        assertTrue(tool.membership.asked.isEmpty());
    }
}
