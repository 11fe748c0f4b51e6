package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final int MAX_REQUESTS = 3;
    private static final long MAX_MESSAGE_BYTES = 200;

    private final Mailbox mailbox = new Mailbox(MAX_REQUESTS, MAX_MESSAGE_BYTES);

    @Test
    void requestsBeyondTheBoundAreRefusedButMessagesAndReportsStillPass() {
        for (int i = 0; i < MAX_REQUESTS; i++) {
            assertTrue(mailbox.offer(proposal()));
        }
        assertFalse(mailbox.offer(proposal()));
        assertFalse(mailbox.offer(new Input.Read(result -> {})));
        assertTrue(mailbox.offer(message(50)));
        assertTrue(mailbox.offer(new Input.Happened(new Event.Persisted(1))));
    }

    @Test
    void messagesBeyondTheBoundAreDroppedButRequestsStillPass() {
        assertTrue(mailbox.offer(message(120)));
        assertFalse(mailbox.offer(message(120)));
        assertTrue(mailbox.offer(message(80)));
        assertTrue(mailbox.offer(proposal()));
    }

    @Test
    void votesAndHeartbeatsPassWhenThereIsNoRoomForMoreEntries() {
        Mailbox roomy = new Mailbox(MAX_REQUESTS, 1_000);
        assertTrue(roomy.offer(message(1_000)));
        assertFalse(roomy.offer(message(Mailbox.SMALL_BYTES + 1)));
        for (int i = 0; i < 1_000 / Mailbox.SMALL_BYTES; i++) {
            assertTrue(roomy.offer(message(Mailbox.SMALL_BYTES)));
        }
        assertFalse(roomy.offer(message(Mailbox.SMALL_BYTES)));
    }

    @Test
    void whatWasTakenOutMakesRoom() {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < MAX_REQUESTS; i++) {
                assertTrue(mailbox.offer(proposal()));
            }
            assertTrue(mailbox.offer(message(MAX_MESSAGE_BYTES)));
            assertEquals(MAX_REQUESTS + 1, drain(100).size());
        }
    }

    @Test
    void inputsComeOutInOrderAndNoMoreThanWanted() {
        List<Input> in = List.of(proposal(), message(1), new Input.Happened(new Event.Persisted(1)), message(2));
        in.forEach(mailbox::offer);
        assertEquals(in.subList(0, 3), drain(3));
        assertEquals(in.subList(3, 4), drain(3));
    }

    @Test
    void aClosedMailboxTakesNothingButStillGivesOutWhatItHolds() {
        Input held = proposal();
        mailbox.offer(held);
        mailbox.close();
        assertFalse(mailbox.offer(proposal()));
        assertFalse(mailbox.offer(new Input.Happened(new Event.Persisted(1))));
        assertEquals(List.of(held), drain(100));
    }

    /** Each input is either refused or given out, never both and never neither, however it meets the closing. */
    @Test
    void nothingIsLostOrDoubledWhenManyPutInWhileItCloses() throws Exception {
        for (int round = 0; round < 100; round++) {
            Mailbox closing = new Mailbox(200, 1);
            AtomicInteger taken = new AtomicInteger();
            List<Thread> offering = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                offering.add(new Thread(() -> {
                    while (!closing.isClosed()) {
                        if (closing.offer(proposal())) {
                            taken.incrementAndGet();
                        }
                    }
                }));
            }
            offering.forEach(Thread::start);
            List<Input> out = new ArrayList<>();
            while (out.size() < 100) {
                closing.await(TimeUnit.MILLISECONDS.toNanos(10));
                closing.drainTo(out, Integer.MAX_VALUE);
            }
            closing.close();
            closing.drainTo(out, Integer.MAX_VALUE);
            for (Thread thread : offering) {
                thread.join();
            }
            closing.drainTo(out, Integer.MAX_VALUE);
            assertEquals(taken.get(), out.size());
        }
    }

    @Test
    void whoSleepsIsWokenByAnInput() throws Exception {
        List<Input> out = new ArrayList<>();
        Thread sleeper = new Thread(() -> {
            while (out.isEmpty()) {
                mailbox.await(TimeUnit.HOURS.toNanos(1));
                mailbox.drainTo(out, 1);
            }
        });
        sleeper.start();
        mailbox.offer(proposal());
        sleeper.join(TimeUnit.SECONDS.toMillis(20));
        assertFalse(sleeper.isAlive());
    }

    private List<Input> drain(int max) {
        List<Input> out = new ArrayList<>();
        mailbox.drainTo(out, max);
        return out;
    }

    private static Input proposal() {
        return new Input.Proposal(Optional.empty(), Bytes.EMPTY, result -> {}, 0);
    }

    private static Input message(long bytes) {
        return new Input.FromPeer(new NodeId("n1"), new Message.TimeoutNow(1), bytes);
    }
}
