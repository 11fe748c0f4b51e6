package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.log.DiskFullException;
import io.mqcontroller.raft.log.DiskReserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskRoomTest {
    private static final long RESERVE_BYTES = 5 << 20;
    /** More than any disk has. */
    private static final long HUGE_BYTES = 1L << 60;

    @TempDir
    private Path directory;

    private final Mailbox mailbox = new Mailbox(10, 1_000);
    private int failuresLeft = 3;

    private List<Event> told() {
        List<Input> inputs = new ArrayList<>();
        mailbox.drainTo(inputs, 100);
        return inputs.stream().map(input -> ((Input.Happened) input).event()).toList();
    }

    private DiskRoom roomWithReserve() {
        DiskRoom room = new DiskRoom(new DiskReserve(directory, RESERVE_BYTES), mailbox);
        room.look();
        room.look();
        return room;
    }

    private String findsNoRoomAtFirst() throws IOException {
        if (failuresLeft-- > 0) {
            throw new DiskFullException("No space left on device", null);
        }
        return "written";
    }

    @Test
    void reserveIsMadeInPiecesAndHoldsRealRoom() throws IOException {
        DiskReserve reserve = new DiskReserve(directory, RESERVE_BYTES);
        reserve.grow();
        assertFalse(reserve.isKept());
        reserve.grow();
        assertTrue(reserve.isKept());
        assertEquals(RESERVE_BYTES, Files.size(directory.resolve("reserve")));
        reserve.free();
        assertFalse(reserve.isKept());
    }

    @Test
    void writeThatFindsNoRoomIsTriedAgainAndTheReserveFreed() throws Exception {
        DiskRoom room = roomWithReserve();
        assertEquals("written", room.insist(this::findsNoRoomAtFirst));
        assertFalse(Files.exists(directory.resolve("reserve")));
        assertEquals(List.of(new Event.DiskFull()), told());
    }

    @Test
    void thereIsRoomAgainWhenTheReserveIsKeptAgain() throws Exception {
        DiskRoom room = roomWithReserve();
        room.insist(this::findsNoRoomAtFirst);
        told();
        room.look();
        assertEquals(List.of(), told());
        room.look();
        room.look();
        assertEquals(List.of(new Event.DiskHasRoom()), told());
        assertEquals(RESERVE_BYTES, Files.size(directory.resolve("reserve")));
    }

    @Test
    void diskWithoutRoomForTheReserveIsFullBeforeAnythingFails() {
        DiskRoom room = new DiskRoom(new DiskReserve(directory, HUGE_BYTES), mailbox);
        room.look();
        room.look();
        assertEquals(List.of(new Event.DiskFull()), told());
        assertFalse(Files.exists(directory.resolve("reserve")));
    }

    @Test
    void otherFailuresAreFinal() {
        DiskRoom room = roomWithReserve();
        assertThrows(
                IOException.class,
                () -> room.insist(() -> {
                    throw new IOException("Input/output error");
                }));
        assertEquals(List.of(), told());
    }

    @Test
    void closedNodeTriesNothingAgain() {
        DiskRoom room = roomWithReserve();
        mailbox.close();
        assertThrows(DiskFullException.class, () -> room.insist(this::findsNoRoomAtFirst));
    }
}
