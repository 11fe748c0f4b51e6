package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.remoting.FakeControllerService;
import io.mqcontroller.controller.rpc.agent.AgentObserver.Cut;
import io.mqcontroller.proto.controller.AlterSyncStateSetRequest;
import io.mqcontroller.proto.controller.ApplyBrokerIdRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.ClusterRequest;
import io.mqcontroller.proto.controller.DrainRequest;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupRequest;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.HeartbeatRequest;
import io.mqcontroller.proto.controller.MembersRequest;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.NextBrokerIdRequest;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.NodeStatusRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.PromoteLearner;
import io.mqcontroller.proto.controller.RegisterRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.SlaveStatus;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.MembershipResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Words, limits and life of a connection, without a socket; time is the channel's own. */
class AgentConnectionTest {
    private static final GroupName GROUP =
            GroupName.newBuilder().setCluster("C").setBrokerName("b").build();

    @AfterEach
    void releaseAll() {
        AgentChannel.releaseAll();
    }

    private static ClientFrame.Builder request() {
        return ClientFrame.newBuilder().setRequestId(7);
    }

    private static HeartbeatRequest.Builder heartbeat() {
        return HeartbeatRequest.newBuilder()
                .setGroup(GROUP)
                .setBrokerId(1)
                .setAddress("10.0.0.9:10911")
                .setHaAddress("10.0.0.9:10912")
                .setLastEpoch(-1)
                .setKnownMasterEpoch(3)
                .setMaxOffset(100)
                .setConfirmOffset(90)
                .setTimeoutMs(2_000)
                .setPriority(5)
                .setRole(io.mqcontroller.proto.controller.AgentRole.MASTER)
                .setRoleEpoch(3)
                .setAckRule(io.mqcontroller.proto.controller.AckRule.ALL_IN_SYNC);
    }

    private static ClientFrame beat() {
        return request().setHeartbeat(heartbeat()).build();
    }

    // --------------------------------------------------------------------------------------------- hello

    @Test
    void aConnectionBeginsWithPrefacesAndHellos() {
        AgentChannel agent = new AgentChannel();
        agent.preface();
        ServerFrame answer = agent.call(AgentChannel.hello());
        assertEquals(1, answer.getRequestId());
        assertEquals(StatusCode.OK, answer.getStatus().getCode());
        assertEquals("controllers", answer.getHello().getControllerCluster());
        assertEquals("n0", answer.getHello().getNodeId());
        assertEquals(1, answer.getHello().getProtocolVersion());
        assertEquals("1.2.3", answer.getHello().getSoftwareVersion());
        assertEquals("10.0.0.1:9877", answer.getLeader().getAddress());
        assertEquals(1, agent.open);
    }

    @Test
    void aNewerClientIsAnsweredWithTheVersionThatIsSpokenHere() {
        AgentChannel agent = new AgentChannel();
        agent.preface();
        ServerFrame answer = agent.call(hello(ClientHello.newBuilder().setProtocolVersion(9)));
        assertEquals(StatusCode.OK, answer.getStatus().getCode());
        assertEquals(1, answer.getHello().getProtocolVersion());
    }

    @Test
    void aHelloThatDoesNotFitIsRefusedByNameAndTheConnectionCloses() {
        refuses(StatusCode.UNSUPPORTED_VERSION, ClientHello.newBuilder().setProtocolVersion(0));
        refuses(
                StatusCode.WRONG_CLUSTER,
                ClientHello.newBuilder().setProtocolVersion(1).setControllerCluster("others"));
    }

    private static void refuses(StatusCode code, ClientHello.Builder hello) {
        AgentChannel agent = new AgentChannel();
        agent.preface();
        ServerFrame answer = agent.call(hello(hello));
        assertEquals(code, answer.getStatus().getCode());
        assertFalse(answer.getStatus().getMessage().isEmpty());
        assertEquals("controllers", answer.getHello().getControllerCluster());
        assertFalse(agent.channel.isOpen());
        assertEquals(List.of(Cut.REFUSED_HELLO), agent.cuts);
        assertEquals(List.of(), agent.service.closed, "the controller never heard of it");
    }

    private static ClientFrame hello(ClientHello.Builder hello) {
        return request().setHello(hello.setKind(NodeKind.AGENT)).build();
    }

    @Test
    void whoSaysNothingOrSomethingElseFirstIsCut() {
        AgentChannel silent = new AgentChannel();
        silent.preface();
        silent.channel.advanceTimeBy(5_001, TimeUnit.MILLISECONDS);
        silent.channel.runScheduledPendingTasks();
        assertFalse(silent.channel.isOpen());
        AgentChannel rude = new AgentChannel();
        rude.preface();
        rude.send(beat());
        assertFalse(rude.channel.isOpen());
        assertEquals(List.of(Cut.NO_HELLO), silent.cuts);
        assertEquals(List.of(Cut.NO_HELLO), rude.cuts);
        assertEquals(List.of(), rude.service.calls);
    }

    @Test
    void aSecondHelloIsRefusedAndTheConnectionGoesOn() {
        AgentChannel agent = AgentChannel.greeted();
        assertEquals(
                StatusCode.BAD_REQUEST,
                agent.call(AgentChannel.hello()).getStatus().getCode());
        assertEquals(StatusCode.OK, agent.call(beat()).getStatus().getCode());
    }

    // ------------------------------------------------------------------------------------------ requests

    @Test
    void aHeartbeatBecomesAUseCaseAndItsLeaseAnAnswer() {
        AgentChannel agent = AgentChannel.greeted();
        agent.service.next = CompletableFuture.completedFuture(new Reply.Done<>(new LeaseAnswer(
                FakeControllerService.view(FakeControllerService.GROUP, true), 2_000, AckRule.ALL_IN_SYNC)));
        ServerFrame answer = agent.call(request()
                .setHeartbeat(heartbeat()
                        .setRegisteredMs(60_000)
                        .setMasterGone(true)
                        .setUnfit("disk\n\"full\"")
                        .setStatus(io.mqcontroller.proto.controller.AgentStatus.newBuilder()
                                .setFencings(2)
                                .setZone("zone-a")
                                .setLeaseRemainingMs(1_500)
                                .addSlaves(SlaveStatus.newBuilder()
                                        .setBrokerId(2)
                                        .setLagBytes(10)
                                        .setLagMs(20)
                                        .setConnected(true))))
                .build());
        assertEquals(7, answer.getRequestId());
        assertEquals(2_000, answer.getHeartbeat().getLeaseMs());
        assertEquals(
                io.mqcontroller.proto.controller.AckRule.ALL_IN_SYNC,
                answer.getHeartbeat().getAckRule());
        GroupView view = answer.getHeartbeat().getGroup();
        assertEquals(GROUP, view.getGroup());
        assertEquals(1, view.getMaster());
        assertEquals(3, view.getMasterEpoch());
        assertEquals(List.of(1L, 2L), view.getSyncStateSetList());
        assertEquals(8, view.getSyncStateSetEpoch());
        assertTrue(view.getReplicas(0).getAlive());
        assertEquals("127.0.0.1:10921", view.getReplicas(1).getAddress());
        assertEquals(
                List.of(new ControllerService.AgentHeartbeat(
                        FakeControllerService.KEY,
                        new BrokerId(1),
                        "10.0.0.9:10911",
                        "10.0.0.9:10912",
                        -1,
                        3,
                        100,
                        90,
                        2_000,
                        5,
                        AgentRole.MASTER,
                        3,
                        AckRule.ALL_IN_SYNC,
                        false,
                        false,
                        "disk  full ",
                        new AgentStatus(
                                1_500, 2, List.of(new AgentStatus.Slave(new BrokerId(2), 10, 20, true)), "zone-a"),
                        HandOverReport.NONE,
                        60_000,
                        true,
                        new ConnectionId(1))),
                agent.service.calls);
    }

    /** One sound request of each kind. */
    private static List<ClientFrame> sound() {
        return List.of(
                request()
                        .setNextBrokerId(NextBrokerIdRequest.newBuilder().setGroup(GROUP))
                        .build(),
                request()
                        .setApplyBrokerId(ApplyBrokerIdRequest.newBuilder()
                                .setGroup(GROUP)
                                .setBrokerId(1)
                                .setRegisterCheckCode("10.0.0.9:10911;17"))
                        .build(),
                request()
                        .setRegister(RegisterRequest.newBuilder()
                                .setGroup(GROUP)
                                .setBrokerId(1)
                                .setAddress("10.0.0.9:10911"))
                        .build(),
                beat(),
                request()
                        .setAlterSyncStateSet(AlterSyncStateSetRequest.newBuilder()
                                .setGroup(GROUP)
                                .setBrokerId(1)
                                .setMasterEpoch(3)
                                .addNewSet(1)
                                .setKnownSetEpoch(8))
                        .build(),
                request()
                        .setElectMaster(
                                ElectMasterRequest.newBuilder().setGroup(GROUP).setBrokerId(2))
                        .build(),
                request().setGroup(GroupRequest.newBuilder().setGroup(GROUP)).build(),
                request().setCluster(ClusterRequest.getDefaultInstance()).build(),
                request().setMembers(MembersRequest.getDefaultInstance()).build(),
                request()
                        .setMembership(MembershipRequest.newBuilder()
                                .setPromote(PromoteLearner.newBuilder().setNodeId("n2")))
                        .build(),
                request()
                        .setOperator(OperatorRequest.newBuilder().setNodeStatus(NodeStatusRequest.getDefaultInstance()))
                        .build(),
                request()
                        .setSwitchOver(
                                SwitchOverRequest.newBuilder().setGroup(GROUP).setTo(2))
                        .build(),
                request()
                        .setDrain(
                                DrainRequest.newBuilder().setMachine("10.0.0.1").setDrained(true))
                        .build());
    }

    @Test
    void everyKindOfRequestIsServed() {
        AgentChannel agent = AgentChannel.greeted();
        agent.membership.result = new MembershipResult.Done(Configuration.NONE);
        Set<ClientFrame.KindCase> served = EnumSet.of(ClientFrame.KindCase.HELLO, ClientFrame.KindCase.KIND_NOT_SET);
        for (ClientFrame frame : sound()) {
            ServerFrame answer = agent.call(frame);
            assertEquals(StatusCode.OK, answer.getStatus().getCode(), frame.toString());
            assertTrue(answer.getKindCase() != ServerFrame.KindCase.KIND_NOT_SET, frame.toString());
            served.add(frame.getKindCase());
        }
        assertEquals(EnumSet.allOf(ClientFrame.KindCase.class), served);
        assertEquals(9, agent.service.calls.size());
        ControllerService.Register register = (ControllerService.Register) agent.service.calls.get(2);
        assertTrue(register.agent());
    }

    @Test
    void nothingIsDrainedWhileAControllerWouldStopAtTheRecord() {
        AgentChannel agent = AgentChannel.greeted();
        agent.membership.older.add(new NodeId("n1"));
        ServerFrame answer = agent.call(request()
                .setDrain(DrainRequest.newBuilder().setMachine("10.0.0.1").setDrained(true))
                .build());
        assertEquals(StatusCode.UNSUPPORTED, answer.getStatus().getCode());
        assertTrue(answer.getStatus().getMessage().contains("[n1]"), answer.toString());
        assertEquals(List.of(), agent.service.calls);
    }

    @Test
    void theClusterIsAnsweredWithoutTheController() {
        AgentChannel agent = AgentChannel.greeted();
        ServerFrame answer = agent.call(
                request().setCluster(ClusterRequest.getDefaultInstance()).build());
        assertEquals(2, answer.getCluster().getMembersCount());
        assertEquals("10.0.0.2:9877", answer.getCluster().getMembers(1).getAddress());
        assertEquals(List.of(), agent.service.calls);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalHasItsCodeAndItsWords(Refusal refusal) {
        AgentChannel agent = AgentChannel.greeted();
        agent.service.next = CompletableFuture.completedFuture(new Reply.Refused<>(refusal, "because"));
        ServerFrame answer = agent.call(beat());
        assertEquals("because", answer.getStatus().getMessage());
        String expected =
                switch (refusal) {
                    case AMBIGUOUS_GROUP -> "BAD_REQUEST";
                    case CLEAN_REFUSED -> "PRECONDITION_FAILED";
                    default -> refusal.name();
                };
        assertEquals(expected, answer.getStatus().getCode().name());
        assertEquals(ServerFrame.KindCase.KIND_NOT_SET, answer.getKindCase());
    }

    @Test
    void notLeaderAndUnknownOutcomesAreTwoThings() {
        AgentChannel agent = AgentChannel.greeted();
        agent.service.next = CompletableFuture.completedFuture(new Reply.NotLeader<>(Optional.of(new NodeId("n1"))));
        assertEquals(StatusCode.NOT_LEADER, agent.call(beat()).getStatus().getCode());
        agent.service.next = CompletableFuture.completedFuture(new Reply.Indeterminate<>("lost"));
        assertEquals(StatusCode.UNKNOWN_OUTCOME, agent.call(beat()).getStatus().getCode());
        agent.service.next = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        assertEquals(StatusCode.UNKNOWN_OUTCOME, agent.call(beat()).getStatus().getCode());
    }

    // -------------------------------------------------------------------------------------------- pushes

    @Test
    void newsGoOutWithoutARequest() {
        AgentChannel agent = AgentChannel.greeted();
        agent.connections.push(new ConnectionId(1), FakeControllerService.view(FakeControllerService.GROUP, true));
        ServerFrame push = agent.receive();
        assertEquals(0, push.getRequestId());
        assertFalse(push.hasStatus());
        assertEquals(3, push.getChanged().getMasterEpoch());
        agent.connections.push(new ConnectionId(2), FakeControllerService.view(FakeControllerService.GROUP, true));
        assertNull(agent.receive());
        assertEquals(List.of(true, false), agent.pushes);
    }

    @Test
    void agentsAreToldWhoLeadsAndToolsAreNot() {
        AgentChannel agent = AgentChannel.greeted();
        agent.connections.pushLeader(new NodeId("n1"));
        ServerFrame push = agent.receive();
        assertEquals(0, push.getRequestId());
        assertEquals("n1", push.getLeader().getNodeId());
        assertEquals("10.0.0.2:9877", push.getLeader().getAddress());
        AgentChannel tool = new AgentChannel();
        tool.preface();
        tool.call(request()
                .setHello(ClientHello.newBuilder().setProtocolVersion(1).setKind(NodeKind.TOOL))
                .build());
        tool.connections.pushLeader(new NodeId("n1"));
        assertNull(tool.receive());
    }

    @Test
    void whoHasNotSaidHelloGetsNoNews() {
        AgentChannel agent = new AgentChannel();
        agent.preface();
        agent.connections.push(new ConnectionId(1), FakeControllerService.view(FakeControllerService.GROUP, true));
        assertEquals(List.of(false), agent.pushes);
    }

    // ------------------------------------------------------------------------------------------ life

    @Test
    void theControllerHearsThatAConnectionIsGone() {
        AgentChannel agent = AgentChannel.greeted();
        agent.channel.close();
        assertEquals(List.of(new ConnectionId(1)), agent.service.closed);
        assertEquals(0, agent.open);
    }

    @Test
    void anIdleConnectionIsClosedEvenIfItIsToldThings() {
        AgentChannel agent = AgentChannel.greeted(AgentSettings.DEFAULT.withIdleTimeoutMs(1_000));
        for (int i = 0; i < 3; i++) {
            agent.channel.advanceTimeBy(400, TimeUnit.MILLISECONDS);
            agent.channel.runScheduledPendingTasks();
            agent.connections.push(new ConnectionId(1), FakeControllerService.view(FakeControllerService.GROUP, true));
            agent.receive();
        }
        assertFalse(agent.channel.isOpen());
        assertEquals(List.of(Cut.IDLE), agent.cuts);
    }

    @Test
    void noMoreThanTheLimitIsUnderWayAndTheRestIsServedLater() {
        AgentChannel agent = AgentChannel.greeted();
        CompletableFuture<Reply<LeaseAnswer>> later = new CompletableFuture<>();
        agent.service.next = later;
        ByteBuf many = Unpooled.buffer();
        for (int i = 0; i < 200; i++) {
            ByteBuf frame = FrameWriter.frame(UnpooledByteBufAllocator.DEFAULT, beat());
            many.writeBytes(frame);
            frame.release();
        }
        agent.send(many);
        assertEquals(64, agent.service.calls.size());
        assertEquals(1, agent.paused);
        assertFalse(agent.channel.config().isAutoRead());
        agent.service.next = null;
        later.complete(new Reply.Indeterminate<>("at last"));
        agent.channel.runPendingTasks();
        int answers = 0;
        while (agent.receive() != null) {
            answers++;
        }
        assertEquals(200, answers);
        assertEquals(200, agent.service.calls.size());
        assertTrue(agent.channel.config().isAutoRead());
    }

    @Test
    void aSlowReaderIsCut() {
        AgentChannel agent = AgentChannel.greeted();
        agent.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        agent.channel.runPendingTasks();
        assertFalse(agent.channel.config().isAutoRead());
        agent.channel.advanceTimeBy(10_001, TimeUnit.MILLISECONDS);
        agent.channel.runScheduledPendingTasks();
        assertFalse(agent.channel.isOpen());
        assertEquals(List.of(Cut.SLOW_READER), agent.cuts);
    }

    @Test
    void aReaderThatCatchesUpInTimeIsNot() {
        AgentChannel agent = AgentChannel.greeted();
        agent.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        agent.channel.runPendingTasks();
        agent.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        agent.channel.runPendingTasks();
        agent.channel.advanceTimeBy(20_000, TimeUnit.MILLISECONDS);
        agent.channel.runScheduledPendingTasks();
        assertTrue(agent.channel.isOpen());
        assertEquals(StatusCode.OK, agent.call(beat()).getStatus().getCode());
    }

    // ----------------------------------------------------------------------------------------- bad input

    @Test
    void aFrameThatComesByteByByteIsServed() {
        AgentChannel agent = AgentChannel.greeted();
        ByteBuf frame = FrameWriter.frame(UnpooledByteBufAllocator.DEFAULT, beat());
        while (frame.readableBytes() > 1) {
            assertTrue(agent.send(frame.readBytes(1)));
            assertNull(agent.receive());
        }
        agent.send(frame);
        assertEquals(StatusCode.OK, agent.receive().getStatus().getCode());
    }

    @Test
    void anOversizedOrDamagedFrameIsCutBeforeMemoryIsTakenForIt() {
        for (int claimed : new int[] {64 * 1024 + 1, Integer.MAX_VALUE, -1, 0}) {
            AgentChannel agent = AgentChannel.greeted();
            assertFalse(agent.send(Unpooled.buffer().writeInt(claimed).writeInt(0)));
            assertEquals(List.of(Cut.BAD_FRAME), agent.cuts);
        }
        AgentChannel damaged = AgentChannel.greeted();
        ByteBuf frame = FrameWriter.frame(UnpooledByteBufAllocator.DEFAULT, beat());
        frame.setByte(frame.writerIndex() - 1, frame.getByte(frame.writerIndex() - 1) ^ 1);
        assertFalse(damaged.send(frame));
        assertEquals(List.of(Cut.BAD_FRAME), damaged.cuts);
    }

    @Test
    void aPayloadThatIsNoMessageOrHasNoNumberIsCut() {
        AgentChannel agent = AgentChannel.greeted();
        agent.sendPayload(new byte[] {(byte) 0xff, (byte) 0xff});
        assertFalse(agent.channel.isOpen());
        AgentChannel unnumbered = AgentChannel.greeted();
        unnumbered.send(beat().toBuilder().setRequestId(0).build());
        assertFalse(unnumbered.channel.isOpen());
    }

    @Test
    void whatIsNotKnownHereIsUnsupportedAndTheConnectionGoesOn() {
        AgentChannel agent = AgentChannel.greeted();
        ClientFrame future = request()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("what?"))
                                        .build())
                        .build())
                .build();
        assertEquals(StatusCode.UNSUPPORTED, agent.call(future).getStatus().getCode());
        assertEquals(StatusCode.OK, agent.call(beat()).getStatus().getCode());
    }

    @Test
    void fieldsThatMakeNoSenseAreRefusedByNameBeforeTheControllerSeesThem() {
        String longName = "x".repeat(256);
        List<ClientFrame> bad = new ArrayList<>();
        bad.add(request().setHeartbeat(heartbeat().clearGroup()).build());
        bad.add(request()
                .setHeartbeat(heartbeat().setGroup(GROUP.toBuilder().setBrokerName(" ")))
                .build());
        bad.add(request()
                .setHeartbeat(heartbeat().setGroup(GROUP.toBuilder().setCluster(longName)))
                .build());
        bad.add(request()
                .setHeartbeat(heartbeat().setGroup(GROUP.toBuilder().setCluster("a\nb")))
                .build());
        bad.add(request().setHeartbeat(heartbeat().setBrokerId(0)).build());
        bad.add(request().setHeartbeat(heartbeat().setBrokerId(-1)).build());
        bad.add(request().setHeartbeat(heartbeat().setAddress("")).build());
        bad.add(request().setHeartbeat(heartbeat().setAddress("10.0.0.9")).build());
        bad.add(request().setHeartbeat(heartbeat().setAddress("10.0.0.9:0")).build());
        bad.add(request().setHeartbeat(heartbeat().setAddress("10.0.0.9:65536")).build());
        bad.add(request().setHeartbeat(heartbeat().setAddress(longName + ":1")).build());
        bad.add(request().setHeartbeat(heartbeat().setHaAddress("nowhere")).build());
        bad.add(request().setHeartbeat(heartbeat().setLastEpoch(-2)).build());
        bad.add(request().setHeartbeat(heartbeat().setKnownMasterEpoch(-1)).build());
        bad.add(request().setHeartbeat(heartbeat().setRoleEpoch(-1)).build());
        bad.add(request().setHeartbeat(heartbeat().clearRole()).build());
        bad.add(request().setHeartbeat(heartbeat().setRoleValue(77)).build());
        io.mqcontroller.proto.controller.AgentStatus.Builder crowd =
                io.mqcontroller.proto.controller.AgentStatus.newBuilder();
        for (int i = 1; i <= 257; i++) {
            crowd.addSlaves(SlaveStatus.newBuilder().setBrokerId(i));
        }
        bad.add(request().setHeartbeat(heartbeat().setStatus(crowd)).build());
        bad.add(request()
                .setApplyBrokerId(ApplyBrokerIdRequest.newBuilder()
                        .setGroup(GROUP)
                        .setBrokerId(1)
                        .setRegisterCheckCode("no address"))
                .build());
        bad.add(request()
                .setElectMaster(ElectMasterRequest.newBuilder().setGroup(GROUP).setDesignate(true))
                .build());
        bad.add(request()
                .setAlterSyncStateSet(AlterSyncStateSetRequest.newBuilder()
                        .setGroup(GROUP)
                        .setBrokerId(1)
                        .addNewSet(0))
                .build());
        AgentChannel agent = AgentChannel.greeted();
        for (ClientFrame frame : bad) {
            ServerFrame answer = agent.call(frame);
            assertEquals(StatusCode.BAD_REQUEST, answer.getStatus().getCode(), frame.toString());
            assertFalse(answer.getStatus().getMessage().isEmpty());
        }
        assertEquals(List.of(), agent.service.calls);
        assertTrue(agent.channel.isOpen());
    }

    @Test
    void anUnknownAckRuleIsTakenForTheWeakerOne() {
        AgentChannel agent = AgentChannel.greeted();
        agent.call(request().setHeartbeat(heartbeat().setAckRuleValue(99)).build());
        agent.call(request().setHeartbeat(heartbeat().clearAckRule()).build());
        for (Object call : agent.service.calls) {
            assertEquals(AckRule.WEAKER, ((ControllerService.AgentHeartbeat) call).ackRule());
        }
    }

    @Test
    void noiseEndsTheConnectionAndNothingElse() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            AgentChannel agent = round % 2 == 0 ? AgentChannel.greeted() : new AgentChannel();
            if (round % 4 == 1) {
                agent.preface();
            }
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (round % 8 == 2) {
                // Sound frames around nonsense.
                agent.sendPayload(noise.length == 0 ? new byte[1] : noise);
            } else {
                agent.send(Unpooled.wrappedBuffer(noise));
            }
            agent.channel.checkException();
            agent.channel.finishAndReleaseAll();
            assertEquals(0, agent.open);
            assertEquals(List.of(), agent.service.calls);
        }
    }

    @Test
    void bytesOfSoundFramesWithOneFlippedNeverReachTheController() {
        ByteBuf sound = FrameWriter.frame(UnpooledByteBufAllocator.DEFAULT, beat());
        for (int bit = 32; bit < sound.readableBytes() * 8; bit++) {
            AgentChannel agent = AgentChannel.greeted();
            ByteBuf damaged = sound.copy();
            damaged.setByte(bit / 8, damaged.getByte(bit / 8) ^ 1 << bit % 8);
            assertFalse(agent.send(damaged), "bit " + bit);
            assertEquals(List.of(), agent.service.calls);
            agent.channel.finishAndReleaseAll();
        }
        sound.release();
        assertEquals(FrameDecoder.CLIENT_PREFACE, 0x4D51_4101);
    }
}
