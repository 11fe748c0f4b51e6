package io.mqcontroller.controller.remoting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Flow, limits and life of a connection, without a socket; time is the channel's own. */
class RemotingConnectionTest {
    @Test
    void aRequestThatComesByteByByteIsServed() {
        TestConnection connection = new TestConnection();
        ByteBuf request = replicaInfo(1);
        while (request.readableBytes() > 1) {
            assertTrue(connection.send(request.readSlice(1).copy()));
            assertNull(connection.receive());
        }
        assertEquals(1, connection.call(request).opaque());
    }

    @Test
    void pipelinedRequestsAreAllAnswered() {
        TestConnection connection = new TestConnection();
        ByteBuf requests = Unpooled.buffer();
        for (int opaque = 0; opaque < 100; opaque++) {
            requests.writeBytes(replicaInfo(opaque));
        }
        connection.send(requests);
        for (int opaque = 0; opaque < 100; opaque++) {
            assertEquals(opaque, connection.receive().opaque());
        }
    }

    @Test
    void anOversizedFirstFrameIsCutAfterFourBytes() {
        TestConnection connection = new TestConnection();
        assertFalse(connection.send(Unpooled.buffer().writeInt(64 * 1024)));
        assertEquals(List.of(ClosedBecause.OVERSIZED_FRAME), connection.cuts);
    }

    @Test
    void aLargeFrameIsTakenOnceARequestMadeSense() {
        ByteBuf large =
                Frames.request(HeaderType.JSON, 1006, 2, "[\"b\"" + ",\"some-other-group\"".repeat(10_000) + "]");
        assertTrue(large.readableBytes() > 64 * 1024);
        TestConnection connection = new TestConnection();
        assertNotNull(connection.call(replicaInfo(1)));

        assertEquals(0, connection.call(large).code());
    }

    @Test
    void aRequestThatMakesNoSenseEarnsNoTrust() {
        TestConnection connection = new TestConnection();
        assertEquals(
                2005,
                connection.call(Frames.request(HeaderType.JSON, 1004, 1, "")).code());
        assertEquals(
                3, connection.call(Frames.request(HeaderType.JSON, 999, 1, "")).code());

        assertFalse(connection.send(Unpooled.buffer().writeInt(64 * 1024)));
    }

    @Test
    void aFrameOverSixteenMebibytesIsCutEvenThen() {
        TestConnection connection = new TestConnection();
        assertNotNull(connection.call(replicaInfo(1)));

        assertFalse(connection.send(Unpooled.buffer().writeInt(16 * 1024 * 1024 - 3)));
        assertEquals(List.of(ClosedBecause.OVERSIZED_FRAME), connection.cuts);
    }

    @Test
    void nothingBehindGarbageIsRead() {
        TestConnection connection = new TestConnection();
        ByteBuf bytes =
                Unpooled.buffer().writeBytes(replicaInfo(1)).writeInt(-1).writeBytes(replicaInfo(2));

        assertFalse(connection.send(bytes));
        assertEquals(1, connection.receive().opaque());
        assertNull(connection.receive());
        assertEquals(List.of(ClosedBecause.BAD_LENGTH), connection.cuts);
        assertEquals(0, bytes.refCnt());
    }

    @Test
    void aConnectionWithoutAWholeRequestInTimeIsCut() {
        TestConnection connection = new TestConnection();
        ByteBuf request = replicaInfo(1);
        connection.send(request.readBytes(request.readableBytes() - 1));
        connection.channel.advanceTimeBy(5, TimeUnit.SECONDS);
        connection.channel.runScheduledPendingTasks();
        assertFalse(connection.channel.isOpen());
        assertEquals(List.of(ClosedBecause.NO_FIRST_REQUEST), connection.cuts);
    }

    @Test
    void aConnectionThatSpokeMayBeSilentUntilItIsIdle() {
        TestConnection connection =
                new TestConnection(new RemotingSettings(FrameReader.MAX_FRAME_BYTES, 64 * 1024, 5_000, 120_000, 8, 50));
        assertNotNull(connection.call(replicaInfo(1)));
        connection.channel.advanceTimeBy(110, TimeUnit.SECONDS);
        connection.channel.runScheduledPendingTasks();
        assertTrue(connection.channel.isOpen());

        connection.channel.advanceTimeBy(130, TimeUnit.SECONDS);
        connection.channel.runScheduledPendingTasks();
        assertFalse(connection.channel.isOpen());
        assertEquals(List.of(ClosedBecause.IDLE), connection.cuts);
    }

    @Test
    void theEndOfAConnectionThatSpokeIsToldOnce() {
        TestConnection connection = new TestConnection();
        assertNotNull(connection.call(replicaInfo(1)));
        connection.channel.close();
        assertEquals(1, connection.service.closed.size());
    }

    @Test
    void theEndOfAConnectionThatNeverSpokeIsNot() {
        TestConnection connection = new TestConnection();
        connection.send(Unpooled.buffer().writeInt(100));
        connection.channel.close();
        assertEquals(List.of(), connection.service.closed);
    }

    @Test
    void readingStopsWhileTooManyRequestsWait() {
        TestConnection connection =
                new TestConnection(new RemotingSettings(FrameReader.MAX_FRAME_BYTES, 64 * 1024, 5_000, 120_000, 4, 50));
        CompletableFuture<Reply<?>> late = new CompletableFuture<>();
        connection.service.next = late;
        ByteBuf requests = Unpooled.buffer();
        for (int opaque = 0; opaque < 10; opaque++) {
            requests.writeBytes(replicaInfo(opaque));
        }

        connection.send(requests);
        assertEquals(4, connection.service.calls.size());
        assertFalse(connection.channel.config().isAutoRead());

        connection.service.next = null;
        late.complete(done());
        assertEquals(10, connection.service.calls.size());
        assertTrue(connection.channel.config().isAutoRead());
        for (int i = 0; i < 10; i++) {
            assertNotNull(connection.receive());
        }
    }

    @Test
    void readingPausesAfterARefusalForOverload() {
        TestConnection connection = new TestConnection();
        connection.service.next =
                CompletableFuture.completedFuture(new Reply.Refused<>(Refusal.OVERLOADED, "too much to do"));

        assertEquals(2, connection.call(replicaInfo(1)).code());
        assertFalse(connection.channel.config().isAutoRead());
        connection.service.next = null;
        assertNull(connection.call(replicaInfo(2)));

        connection.channel.advanceTimeBy(50, TimeUnit.MILLISECONDS);
        connection.channel.runScheduledPendingTasks();
        assertTrue(connection.channel.config().isAutoRead());
        assertEquals(2, connection.receive().opaque());
    }

    @Test
    void readingStopsWhileAnswersAreNotTaken() {
        TestConnection connection = new TestConnection();
        assertNotNull(connection.call(replicaInfo(1)));
        ChannelOutboundBuffer written = connection.channel.unsafe().outboundBuffer();

        written.setUserDefinedWritability(1, false);
        connection.channel.runPendingTasks();
        assertFalse(connection.channel.config().isAutoRead());
        assertNull(connection.call(replicaInfo(2)));

        written.setUserDefinedWritability(1, true);
        connection.channel.runPendingTasks();
        assertTrue(connection.channel.config().isAutoRead());
        assertEquals(2, connection.receive().opaque());
    }

    @Test
    void anAnswerForAClosedConnectionIsDropped() {
        TestConnection connection = new TestConnection();
        CompletableFuture<Reply<?>> late = new CompletableFuture<>();
        connection.service.next = late;
        connection.send(replicaInfo(1));
        connection.channel.close();

        late.complete(done());

        assertNull(connection.receive());
        assertEquals(List.of(0), connection.responseCodes);
    }

    private static Reply<?> done() {
        return new Reply.Done<>(FakeControllerService.view(FakeControllerService.GROUP, true));
    }

    private static ByteBuf replicaInfo(int opaque) {
        return Frames.request(HeaderType.JSON, 1004, opaque, "", "brokerName", "b");
    }
}
