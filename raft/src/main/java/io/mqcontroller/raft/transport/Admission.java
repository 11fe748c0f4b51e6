package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.raft.Hello;
import io.mqcontroller.proto.raft.HelloRefusal;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose connections are taken. What the dialling end says in its hello holds for every frame of the connection, so this is
 * the one place where members of other clusters are kept out, removed ones, and those that have lost their store. A member
 * that this one does not know is let in: this one may be behind (thesis §4.1).
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final PeerSettings settings;
    private final Executor blocking;
    private volatile SortedSet<NodeId> removed = Collections.emptySortedSet();

    /** For the log, for the peer, and {@code kind} for what it does about it. */
    record Refused(String reason, HelloRefusal kind) {
        static Refused because(String reason) {
            return new Refused(reason, HelloRefusal.HELLO_REFUSAL_UNSPECIFIED);
        }
    }

    /** @param blocking runs what may wait for the disk */
    Admission(PeerSettings settings, Executor blocking) {
        this.settings = settings;
        this.blocking = blocking;
    }

    void refuse(SortedSet<NodeId> removedMembers) {
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removedMembers));
    }

    /** @param then told whether it is refused, perhaps on another thread; not at all if the process is ending */
    void decide(Hello hello, Consumer<Optional<Refused>> then) {
        Optional<Refused> refused = refusalOf(hello);
        if (refused.isPresent() || hello.getStoreNumber() == 0) {
            then.accept(refused);
            return;
        }
        try {
            blocking.execute(() -> then.accept(refusalOfStore(hello)));
        } catch (RejectedExecutionException closing) {
            LOG.debug("event=hello_not_decided reason=stopping");
        }
    }

    private Optional<Refused> refusalOf(Hello hello) {
        String dialler = RefusalLog.said(hello.getNodeId());
        if (!hello.getCluster().equals(settings.cluster())) {
            return Optional.of(Refused.because(dialler + " is a member of cluster "
                    + RefusalLog.said(hello.getCluster()) + ", and this is " + settings.self() + " of cluster "
                    + settings.cluster()));
        }
        if (!hello.getWantedNodeId().equals(settings.self().value())) {
            return Optional.of(Refused.because("this is member " + settings.self() + ", and " + dialler + " wants "
                    + RefusalLog.said(hello.getWantedNodeId())));
        }
        if (hello.getNodeId().isBlank()
                || hello.getNodeId().equals(settings.self().value())) {
            return Optional.of(
                    Refused.because("the dialling member says \"" + dialler + "\", and this is " + settings.self()));
        }
        if (hello.getProtocolVersion() < InboundPeerHandler.PROTOCOL_VERSION) {
            return Optional.of(Refused.because(dialler + " speaks protocol version " + hello.getProtocolVersion()
                    + ", older than " + InboundPeerHandler.PROTOCOL_VERSION));
        }
        if (removed.contains(new NodeId(hello.getNodeId()))) {
            return Optional.of(new Refused(
                    dialler + " was removed from cluster " + settings.cluster() + "; to come back it needs a new id",
                    HelloRefusal.REMOVED));
        }
        return Optional.empty();
    }

    private Optional<Refused> refusalOfStore(Hello hello) {
        String dialler = RefusalLog.said(hello.getNodeId());
        try {
            NodeId member = new NodeId(hello.getNodeId());
            if (settings.stores().isStoreOf(member, hello.getStoreNumber(), hello.getReplacesLost())) {
                return Optional.empty();
            }
            return Optional.of(new Refused(
                    dialler + " comes with another store than the one that " + settings.self()
                            + " knows it by, so it has lost that one: remove " + dialler
                            + " from the cluster, and add it again under a new id",
                    HelloRefusal.ANOTHER_STORE));
        } catch (IOException unreadable) {
            return Optional.of(
                    Refused.because("whether this is the store of " + dialler + " is not known: " + unreadable));
        }
    }
}
