package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.proto.controller.CleanGroupRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.DrainRequest;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.NodeDrainRequest;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.PromoteLearner;
import io.mqcontroller.proto.controller.RemoveMember;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import io.mqcontroller.proto.controller.TransferLeadership;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.node.MembershipResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators have done is part of the history, with where they are. */
class OperatorEventsTest {
    private static final GroupName GROUP =
            GroupName.newBuilder().setCluster("C").setBrokerName("b").build();
    private static final ClientFrame.Builder ELECT = request()
            .setElectMaster(ElectMasterRequest.newBuilder()
                    .setGroup(GROUP)
                    .setBrokerId(2)
                    .setDesignate(true));

    private final AgentChannel tool = AgentChannel.greeted(NodeKind.TOOL);

    @AfterEach
    void releaseAll() {
        AgentChannel.releaseAll();
    }

    private static ClientFrame.Builder request() {
        return ClientFrame.newBuilder().setRequestId(7);
    }

    private static List<String> told(AgentChannel channel) {
        return channel.history.all().stream()
                .map(EventHistory.Seen::event)
                .map(event ->
                        event.kind() + " " + event.operation().orElseThrow().what())
                .toList();
    }

    @Test
    void whatChangedSomethingIsToldWithWhoAskedForIt() {
        tool.call(ELECT.build());
        tool.call(request()
                .setSwitchOver(SwitchOverRequest.newBuilder().setGroup(GROUP).setTo(2))
                .build());
        tool.call(request()
                .setDrain(DrainRequest.newBuilder().setMachine("10.0.0.1").setDrained(true))
                .build());
        tool.call(clean(true));
        tool.call(clean(false));
        assertEquals(
                List.of(
                        "OPERATOR_ASKED elect 2",
                        "OPERATOR_ASKED switch over to 2",
                        "OPERATOR_ASKED drain machine 10.0.0.1",
                        "OPERATOR_ASKED remove replicas [2]"),
                told(tool));
        HistoryEvent elect = tool.history.all().get(0).event();
        assertEquals("C/b", elect.group().orElseThrow().toString());
        assertEquals("embedded", elect.operation().orElseThrow().by());
        assertEquals(AgentChannel.SELF, elect.operation().orElseThrow().on().orElseThrow());
    }

    private static ClientFrame clean(boolean dryRun) {
        return request()
                .setOperator(OperatorRequest.newBuilder()
                        .setCleanGroup(CleanGroupRequest.newBuilder()
                                .setGroup(GROUP)
                                .addBrokerIds(2)
                                .setDryRun(dryRun)))
                .build();
    }

    @Test
    void changesOfTheControllersAreTold() {
        tool.membership.result = new MembershipResult.Done(Configuration.NONE);
        tool.membership.transferred = true;
        tool.call(membership(MembershipRequest.newBuilder()
                .setPromote(PromoteLearner.newBuilder().setNodeId("n3"))));
        tool.call(membership(MembershipRequest.newBuilder().setTransfer(TransferLeadership.getDefaultInstance())));
        tool.membership.result = new MembershipResult.Unknown();
        tool.call(membership(MembershipRequest.newBuilder()
                .setRemove(RemoveMember.newBuilder().setNodeId("n3"))));
        for (boolean drained : new boolean[] {true, true, false}) {
            tool.call(request()
                    .setOperator(OperatorRequest.newBuilder()
                            .setNodeDrain(NodeDrainRequest.newBuilder().setDrained(drained)))
                    .build());
        }
        assertEquals(
                List.of(
                        "OPERATOR_ASKED promote controller n3",
                        "OPERATOR_ASKED hand leadership on",
                        "CONTROLLER_DRAINED ",
                        "CONTROLLER_UNDRAINED "),
                told(tool));
    }

    private static ClientFrame membership(MembershipRequest.Builder change) {
        return request().setMembership(change).build();
    }

    @Test
    void whatIsRefusedOrChangesNothingIsNoEventNorWhatAnAgentDoes() {
        tool.service.next = CompletableFuture.completedFuture(new Reply.Refused<>(Refusal.BAD_REQUEST, "no"));
        tool.call(ELECT.build());
        tool.service.next = CompletableFuture.completedFuture(new Reply.Done<>(new Drained(List.of(), false)));
        tool.call(request()
                .setDrain(DrainRequest.newBuilder().setMachine("10.0.0.1").setDrained(true))
                .build());
        assertEquals(List.of(), told(tool));

        AgentChannel agent = AgentChannel.greeted();
        agent.call(ELECT.build());
        assertEquals(List.of(), told(agent));
    }
}
