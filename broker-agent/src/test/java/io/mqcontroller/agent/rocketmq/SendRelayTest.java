package io.mqcontroller.agent.rocketmq;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.RemotingClient;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.junit.jupiter.api.Test;

class SendRelayTest {
    private static final String MASTER = "10.0.0.2:10911";
    private static final long LONG_MS = 60_000;
    private static final SendRelay.Limits PATIENT = new SendRelay.Limits(LONG_MS, LONG_MS, 100);

    private final Clients clients = new Clients();
    private final NextMaster next = new NextMaster();
    private volatile Optional<String> successor = Optional.empty();

    private SendRelay relay(SendRelay.Limits limits) {
        return new SendRelay(next::client, () -> successor, limits);
    }

    @Test
    void nothingIsTakenBeforeTheRoleIsGivenBack() {
        assertFalse(relay(PATIENT).take(clients.context(), send(1)));
    }

    @Test
    void whatIsKeptIsPassedOnInOrderWhenThereIsANewMaster() {
        SendRelay relay = relay(PATIENT);
        relay.open();
        for (int opaque = 1; opaque <= 3; opaque++) {
            assertTrue(relay.take(clients.context(), send(opaque)));
        }
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> relay.run(LONG_MS));
        assertTrue(clients.answers.isEmpty());
        successor = Optional.of(MASTER);
        await().until(() -> clients.answers.size() == 3);
        assertEquals(
                List.of("1", "2", "3"),
                next.passedOn.stream().map(one -> one.getExtFields().get("n")).toList());
        assertEquals(List.of(1, 2, 3), opaques());
        RemotingCommand first = clients.answers.peek();
        assertTrue(first.isResponseType());
        assertEquals(ResponseCode.SUCCESS, first.getCode());
        assertEquals(MASTER, first.getExtFields().get(SendRelay.RELAYED_FIELD));
        assertFalse(run.isDone());
    }

    @Test
    void aMasterThatHasNotBegunIsAskedAgain() {
        next.refusals.set(3);
        successor = Optional.of(MASTER);
        SendRelay relay = relay(PATIENT);
        relay.open();
        relay.take(clients.context(), send(1));
        CompletableFuture.runAsync(() -> relay.run(LONG_MS));
        await().until(() -> clients.answers.size() == 1);
        assertEquals(ResponseCode.SUCCESS, clients.answers.peek().getCode());
        assertEquals(4, next.passedOn.size());
    }

    /** Two brokers that each take the other one for master would pass it to and fro. */
    @Test
    void whatAnotherRelayHasPassedOnIsNotKept() {
        successor = Optional.of(MASTER);
        SendRelay relay = relay(PATIENT);
        relay.open();
        relay.take(clients.context(), send(1));
        CompletableFuture.runAsync(() -> relay.run(LONG_MS));
        await().until(() -> clients.answers.size() == 1);
        assertFalse(relay.take(clients.context(), next.passedOn.peek()));
    }

    @Test
    void theMasterIsLookedUpAnewWhenItRefuses() {
        next.refusals.set(1);
        AtomicInteger lookedUp = new AtomicInteger();
        SendRelay relay = new SendRelay(
                next::client,
                () -> {
                    lookedUp.incrementAndGet();
                    return Optional.of(MASTER);
                },
                PATIENT);
        relay.open();
        relay.take(clients.context(), send(1));
        CompletableFuture.runAsync(() -> relay.run(LONG_MS));
        await().until(() -> clients.answers.size() == 1);
        assertEquals(2, lookedUp.get());
        assertEquals(List.of(ResponseCode.SUCCESS), codes());
    }

    @Test
    void whatMayBeStoredIsNotSentAgain() {
        next.failure = new IllegalStateException("connection lost");
        successor = Optional.of(MASTER);
        SendRelay relay = relay(new SendRelay.Limits(200, LONG_MS, 100));
        relay.open();
        relay.take(clients.context(), send(1));
        relay.run(LONG_MS);
        assertEquals(List.of(ResponseCode.SYSTEM_ERROR), codes());
        assertEquals(1, next.passedOn.size());
    }

    @Test
    void withoutANewMasterAllAreRefusedAtTheDeadline() {
        SendRelay relay = relay(new SendRelay.Limits(LONG_MS, 50, 100));
        relay.open();
        relay.take(clients.context(), send(1));
        relay.take(clients.context(), send(2));
        relay.run(LONG_MS);
        assertEquals(List.of(1, 2), opaques());
        assertEquals(List.of(ResponseCode.SERVICE_NOT_AVAILABLE, ResponseCode.SERVICE_NOT_AVAILABLE), codes());
        assertFalse(relay.take(clients.context(), send(3)));
    }

    @Test
    void aMasterThatNeverBeginsIsNotWaitedForLongerThanAClientWaits() {
        next.failure = new RemotingConnectException(MASTER);
        successor = Optional.of(MASTER);
        SendRelay relay = relay(new SendRelay.Limits(LONG_MS, 50, 100));
        relay.open();
        relay.take(clients.context(), send(1));
        CompletableFuture.runAsync(() -> relay.run(LONG_MS));
        await().until(() -> clients.answers.size() == 1);
        assertEquals(List.of(ResponseCode.SERVICE_NOT_AVAILABLE), codes());
    }

    @Test
    void noMoreIsKeptThanThereIsRoomFor() {
        SendRelay relay = relay(new SendRelay.Limits(LONG_MS, LONG_MS, 2));
        relay.open();
        assertTrue(relay.take(clients.context(), send(1)));
        assertTrue(relay.take(clients.context(), send(2)));
        assertFalse(relay.take(clients.context(), send(3)));
    }

    @Test
    void whoeverExpectsNoAnswerGetsNone() {
        SendRelay relay = relay(PATIENT);
        relay.open();
        RemotingCommand oneway = send(1);
        oneway.markOnewayRPC();
        relay.take(clients.context(), oneway);
        relay.run(0);
        assertTrue(clients.answers.isEmpty());
    }

    @Test
    void whoIsInterruptedWhilePassingOnLeavesNothingUnanswered() {
        next.failure = new InterruptedException();
        successor = Optional.of(MASTER);
        SendRelay relay = relay(PATIENT);
        relay.open();
        relay.take(clients.context(), send(1));
        relay.take(clients.context(), send(2));
        relay.run(LONG_MS);
        assertTrue(Thread.interrupted());
        assertEquals(List.of(1, 2), opaques());
    }

    @Test
    void whatIsKeptIsPassedOnEvenIfTheRoleCouldNotBeGivenBack() {
        successor = Optional.of(MASTER);
        SendRelay relay = relay(new SendRelay.Limits(200, LONG_MS, 100));
        IllegalStateException failure = new IllegalStateException("the agent failed");
        Runnable givesRoleBack = () -> {
            assertTrue(relay.take(clients.context(), send(1)));
            throw failure;
        };
        assertSame(failure, assertThrows(IllegalStateException.class, () -> relay.during(givesRoleBack, LONG_MS)));
        assertEquals(List.of(ResponseCode.SUCCESS), codes());
        assertFalse(relay.take(clients.context(), send(2)), "it is closed");
    }

    /** Whatever was said to be kept in the moment in which the relay closes. */
    @Test
    void whatIsTakenAtTheVeryEndIsAnsweredToo() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Clients atTheEnd = new Clients();
            AtomicInteger taken = new AtomicInteger();
            SendRelay relay = relay(PATIENT);
            relay.open();
            CountDownLatch sending = new CountDownLatch(1);
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                sending.countDown();
                while (relay.take(atTheEnd.context(), send(1))) {
                    taken.incrementAndGet();
                }
            });
            sending.await();
            relay.run(0);
            sender.get(LONG_MS, TimeUnit.MILLISECONDS);
            assertEquals(taken.get(), atTheEnd.answers.size(), "in round " + round);
        }
    }

    private List<Integer> opaques() {
        return clients.answers.stream().map(RemotingCommand::getOpaque).toList();
    }

    private List<Integer> codes() {
        return clients.answers.stream().map(RemotingCommand::getCode).toList();
    }

    private static RemotingCommand send(int opaque) {
        RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE_V2, null);
        request.setOpaque(opaque);
        request.addExtField("n", Integer.toString(opaque));
        return request;
    }

    /** Those who sent, and what they were answered. */
    private static final class Clients {
        private final ConcurrentLinkedQueue<RemotingCommand> answers = new ConcurrentLinkedQueue<>();
        private final ChannelHandlerContext context = (ChannelHandlerContext) Proxy.newProxyInstance(
                SendRelayTest.class.getClassLoader(),
                new Class<?>[] {ChannelHandlerContext.class},
                (proxy, method, arguments) -> {
                    answers.add((RemotingCommand) arguments[0]);
                    return null;
                });

        ChannelHandlerContext context() {
            return context;
        }
    }

    /** Answers at once: with the failure, or with as many refusals as are left, or that it is stored. */
    private static final class NextMaster {
        private final ConcurrentLinkedQueue<RemotingCommand> passedOn = new ConcurrentLinkedQueue<>();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile Exception failure;

        RemotingClient client() {
            return (RemotingClient) Proxy.newProxyInstance(
                    SendRelayTest.class.getClassLoader(),
                    new Class<?>[] {RemotingClient.class},
                    (proxy, method, arguments) -> {
                        assertEquals(MASTER, arguments[0]);
                        answer((RemotingCommand) arguments[1], (InvokeCallback) arguments[3]);
                        return null;
                    });
        }

        private void answer(RemotingCommand request, InvokeCallback callback) throws Exception {
            passedOn.add(request);
            if (failure != null) {
                throw failure;
            }
            boolean stored = refusals.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
            callback.operationSucceed(RemotingCommand.createResponseCommand(
                    stored ? ResponseCode.SUCCESS : ResponseCode.SERVICE_NOT_AVAILABLE, null));
        }
    }
}
