package io.mqcontroller.raft.node;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the node at the first thing that it can't go on after, and tells the {@link FaultHandler} once. Any thread. */
final class Fault {
    private static final Logger LOG = LoggerFactory.getLogger(Fault.class);

    private final Mailbox mailbox;
    private final FaultHandler handler;
    private final AtomicBoolean met = new AtomicBoolean();

    Fault(Mailbox mailbox, FaultHandler handler) {
        this.mailbox = mailbox;
        this.handler = handler;
    }

    /**
     * After this the Raft thread takes in nothing more: what it would answer could be untrue. While the node is being closed
     * nobody is told: work that finds its store gone is no fault then.
     */
    void fatal(String what, Throwable cause) {
        boolean stopping = mailbox.isClosed();
        mailbox.close();
        if (stopping) {
            LOG.debug("event=raft_failed_while_stopping what=\"{}\" cause=\"{}\"", what, cause.toString());
        } else if (met.compareAndSet(false, true)) {
            LOG.error("event=raft_fatal what=\"{}\" cause=\"{}\"", what, cause.toString(), cause);
            handler.onFatal(what, cause);
        }
    }
}
