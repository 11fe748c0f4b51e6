package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.node.StateMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox(2);

    @Test
    void committedCommandsAreAlwaysTakenAndSayWhenThereAreTooMany() {
        StateMachine machine = new LoopStateMachine(mailbox);
        long taken = 0;
        int command = 1 << 20;
        while (!machine.isBehind()) {
            machine.apply(List.of(entry(taken + 1, command)));
            taken++;
        }
        assertEquals(Mailbox.MAX_COMMITTED_BYTES / command, taken);
        machine.apply(List.of(entry(taken + 1, command)));
        assertTrue(machine.isBehind());

        assertEquals(2, mailbox.take(2, 0).size());
        assertFalse(machine.isBehind());
        assertEquals(taken - 1, mailbox.take(Integer.MAX_VALUE, 0).size());
        assertEquals(0, mailbox.depth());
    }

    private static Entry entry(long index, int bytes) {
        return Entry.create(
                Entry.CHAIN_START,
                new LogPosition(1, index),
                EntryKind.COMMAND,
                new ProposalId(1, index),
                Bytes.utf8("x".repeat(bytes)));
    }

    @Test
    void requestsAreRefusedWhenAsManyWait() {
        assertTrue(mailbox.offer(new ControllerEvent.ConnectionClosed(new ConnectionId(1))));
        assertTrue(mailbox.offer(new ControllerEvent.ConnectionClosed(new ConnectionId(2))));
        assertFalse(mailbox.offer(new ControllerEvent.ConnectionClosed(new ConnectionId(3))));
    }
}
