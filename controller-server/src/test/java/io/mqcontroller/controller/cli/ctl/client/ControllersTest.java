package io.mqcontroller.controller.cli.ctl.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClusterReply;
import io.mqcontroller.proto.controller.ControllerMember;
import io.mqcontroller.proto.controller.GroupRequest;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllersTest {
    private static final Supplier<ClientFrame.Builder> QUESTION =
            () -> ClientFrame.newBuilder().setGroup(GroupRequest.getDefaultInstance());
    private static final Endpoint NOBODY = new Endpoint("127.0.0.1", 1);

    private final List<FakeController> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(FakeController::close);
    }

    @Test
    void theLeaderIsFoundByTheHintOfAnother() throws Exception {
        FakeController leader = start(request -> FakeController.status(StatusCode.OK, ""));
        FakeController follower = start(request -> FakeController.status(StatusCode.NOT_LEADER, "not me")
                .setLeader(LeaderHint.newBuilder()
                        .setNodeId("n1")
                        .setAddress(leader.endpoint().toString())));

        ServerFrame answer = controllers(5_000, NOBODY, follower.endpoint()).askLeader(false, QUESTION);

        assertEquals(StatusCode.OK, answer.getStatus().getCode());
        assertEquals(1, follower.asked().size());
    }

    @Test
    void itIsAskedAgainWhileNobodyLeads() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FakeController electing = start(request -> FakeController.status(
                asked.incrementAndGet() < 3 ? StatusCode.NOT_LEADER : StatusCode.OK, "an election is on"));

        controllers(30_000, electing.endpoint()).askLeader(true, QUESTION);

        assertEquals(3, asked.get());
    }

    @Test
    void withoutALeaderItIsUnavailableAndEachReasonIsTold() {
        FakeController lonely = start(request -> FakeController.status(StatusCode.NOT_LEADER, "no majority"));

        CallException e = assertThrows(CallException.class, () -> controllers(2_000, lonely.endpoint(), NOBODY)
                .askLeader(false, QUESTION));

        assertEquals(ExitCode.UNAVAILABLE, e.exitCode());
        assertTrue(e.getMessage().contains(lonely.endpoint() + ": no majority"), e.getMessage());
        assertTrue(e.getMessage().contains(NOBODY + ": "), e.getMessage());
    }

    @Test
    void aChangeWhoseAnswerIsLostIsNotSentTwice() {
        FakeController mute = start(request -> null);

        CallException e = assertThrows(
                CallException.class, () -> controllers(5_000, mute.endpoint()).askLeader(true, QUESTION));

        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("may have happened or not"), e.getMessage());
        assertEquals(1, mute.asked().size());
    }

    @Test
    void aRefusalIsToldByItsKind() {
        assertEquals(ExitCode.PRECONDITION, codeOf(StatusCode.NO_ELIGIBLE_REPLICA));
        assertEquals(ExitCode.PRECONDITION, codeOf(StatusCode.CHANGE_REFUSED));
        assertEquals(ExitCode.USAGE, codeOf(StatusCode.BAD_REQUEST));
        assertEquals(ExitCode.FAILED, codeOf(StatusCode.UNKNOWN_OUTCOME));
        assertEquals(ExitCode.FAILED, codeOf(StatusCode.UNSUPPORTED));
    }

    @Test
    void oneThatDoesNotAnswerDoesNotKeepTheOthersFromAnswering() {
        FakeController sound = start(request -> FakeController.status(StatusCode.OK, ""));

        List<Controllers.Answer> answers = controllers(5_000).askEach(List.of(NOBODY, sound.endpoint()), QUESTION);

        assertFalse(answers.get(0).isThere());
        assertFalse(answers.get(0).failure().isEmpty());
        assertTrue(answers.get(1).isThere());
    }

    @Test
    void oneKnowsTheOthers() throws Exception {
        FakeController one = start(request -> FakeController.status(StatusCode.OK, "")
                .setCluster(ClusterReply.newBuilder()
                        .addMembers(ControllerMember.newBuilder().setAddress("10.0.0.2:9877"))));

        assertEquals(
                List.of(new Endpoint("10.0.0.2", 9877), one.endpoint()),
                controllers(5_000, one.endpoint()).discover());
    }

    @Test
    void oneThatHangsIsNotWaitedForWhenAnotherOneKnowsAll() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        FakeController hanging = start(request -> {
            await(found);
            return null;
        });
        FakeController sound = start(request -> FakeController.status(StatusCode.OK, "")
                .setCluster(ClusterReply.newBuilder()
                        .addMembers(ControllerMember.newBuilder().setAddress("10.0.0.2:9877"))));

        List<Endpoint> all =
                controllers(600_000, hanging.endpoint(), sound.endpoint()).discover();

        found.countDown();
        assertEquals(List.of(new Endpoint("10.0.0.2", 9877), hanging.endpoint(), sound.endpoint()), all);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endpointsAreHostAndPort() throws Exception {
        assertEquals(List.of(new Endpoint("a", 1), new Endpoint("::1", 2)), Endpoint.parseAll("a:1; [::1]:2,"));
        for (String wrong : List.of("a", "a:", ":1", "a:0", "a:70000", "a:b")) {
            CallException e = assertThrows(CallException.class, () -> Endpoint.parse(wrong));
            assertEquals(ExitCode.USAGE, e.exitCode());
        }
    }

    private ExitCode codeOf(StatusCode code) {
        FakeController refusing = start(request -> FakeController.status(code, "no"));
        return assertThrows(CallException.class, () -> controllers(5_000, refusing.endpoint())
                        .askLeader(true, QUESTION))
                .exitCode();
    }

    private FakeController start(Function<ClientFrame, ServerFrame.Builder> answers) {
        FakeController controller = new FakeController(answers);
        running.add(controller);
        return controller;
    }

    private static Controllers controllers(long timeoutMs, Endpoint... endpoints) {
        return new Controllers(List.of(endpoints), timeoutMs, "test");
    }
}
