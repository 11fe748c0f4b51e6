package io.mqcontroller.controller.remoting;

import io.netty.channel.Channel;

/** Whether a connection is read: not while anything speaks against it. On the connection's event loop only. */
public final class ReadGate {
    /** What speaks against reading. */
    public enum Obstacle {
        /** The other side does not take its answers. */
        NOT_WRITABLE,
        /** Too many requests wait for their answer. */
        TOO_MANY_IN_FLIGHT,
        /** The controller refused a request because it has too much to do. */
        OVERLOAD
    }

    private final Channel channel;
    private int obstacles;

    public ReadGate(Channel channel) {
        this.channel = channel;
    }

    public boolean isOpen() {
        return obstacles == 0;
    }

    /** @return true if this closed the gate */
    public boolean add(Obstacle obstacle) {
        boolean wasOpen = isOpen();
        obstacles |= 1 << obstacle.ordinal();
        channel.config().setAutoRead(false);
        return wasOpen;
    }

    /** @return true if this opened the gate */
    public boolean remove(Obstacle obstacle) {
        boolean wasOpen = isOpen();
        obstacles &= ~(1 << obstacle.ordinal());
        if (wasOpen || !isOpen()) {
            return false;
        }
        channel.config().setAutoRead(true);
        return true;
    }
}
