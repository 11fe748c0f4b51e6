package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.log.DiskFullException;
import io.mqcontroller.raft.log.DiskReserve;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room, as the core must know it: looked at once a second, before there is none, and whenever a write
 * finds none. Such a write took no effect; it is tried again until it is done, for what the core asked to be durable has to
 * become so. Meanwhile this member neither votes nor acknowledges. The disk thread's.
 */
final class DiskRoom {
    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);
    private static final long LOOK_AFTER_MS = 1_000;
    private static final long GROW_AFTER_MS = 50;
    private static final long TRY_AGAIN_AFTER_MS = 100;

    private final DiskReserve reserve;
    private final Mailbox mailbox;
    private boolean full;

    DiskRoom(DiskReserve reserve, Mailbox mailbox) {
        this.reserve = reserve;
        this.mailbox = mailbox;
    }

    /** How long the disk thread may wait for work before the next {@link #look}. */
    long nextLookMs() {
        return reserve.isKept() || !reserve.hasRoom() ? LOOK_AFTER_MS : GROW_AFTER_MS;
    }

    void look() {
        if (!reserve.isKept()) {
            if (reserve.hasRoom()) {
                growReserve();
            } else {
                becomeFull("there is no room for the reserve");
            }
        } else if (!full && reserve.isRunningOut()) {
            becomeFull("little room is left");
        } else if (full && reserve.hasRoom()) {
            full = false;
            LOG.info("event=disk_has_room usable_bytes={}", reserve.usableBytes());
            mailbox.offer(new Input.Happened(new Event.DiskHasRoom()));
        }
    }

    private void growReserve() {
        try {
            reserve.grow();
        } catch (IOException failed) {
            becomeFull("the reserve could not be made: " + failed.getMessage());
        }
    }

    private void becomeFull(String why) {
        if (!full) {
            full = true;
            LOG.error(
                    "event=disk_full usable_bytes={} why=\"{}\" now=\"new changes are refused until there is room\"",
                    reserve.usableBytes(),
                    why);
            mailbox.offer(new Input.Happened(new Event.DiskFull()));
        }
    }

    /** Something to be written; tried again as a whole if there was no room for it. */
    interface Write<T> {
        T now() throws IOException;
    }

    /**
     * Writes, however long it takes until there is room.
     *
     * @throws DiskFullException if the node is closed meanwhile
     */
    <T> T insist(Write<T> write) throws IOException, InterruptedException {
        while (true) {
            try {
                return write.now();
            } catch (DiskFullException noRoom) {
                if (mailbox.isClosed()) {
                    throw noRoom;
                }
                becomeFull(noRoom.getMessage());
                reserve.free();
                Thread.sleep(TRY_AGAIN_AFTER_MS);
            }
        }
    }
}
