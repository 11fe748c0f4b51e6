package io.mqcontroller.controller.controller.service;

import java.util.concurrent.atomic.AtomicLong;

/** Gives out the ids of a process's connections, whatever they speak. Any thread. */
public final class ConnectionIds {
    private final AtomicLong last = new AtomicLong();

    public ConnectionId next() {
        return new ConnectionId(last.incrementAndGet());
    }
}
