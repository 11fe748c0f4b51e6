package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.NodeId;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to the peers: to those that the configuration names, and to those that have dialled and are named by none that is
 * known here, for this member may be behind, and must answer them. Links are looked up by any thread.
 */
final class PeerLinks implements AutoCloseable {
    /** Of members that this one does not know there are a few at most; more are strangers. */
    private static final int MAX_UNKNOWN = 16;

    private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);

    private final PeerSettings settings;
    private final EventLoops loops;
    private final ExecutorService resolver;
    private final PeerLink.Observer observer;
    private final Map<NodeId, PeerLink> named = new ConcurrentHashMap<>();
    private final Map<NodeId, PeerLink> unknown = new ConcurrentHashMap<>();
    private boolean closed;

    PeerLinks(PeerSettings settings, EventLoops loops, ExecutorService resolver, PeerLink.Observer observer) {
        this.settings = settings;
        this.loops = loops;
        this.resolver = resolver;
        this.observer = observer;
        settings.peers().forEach((peer, address) -> named.put(peer, open(peer, address)));
    }

    private PeerLink open(NodeId peer, InetSocketAddress address) {
        return new PeerLink(settings, peer, address, loops, resolver, observer);
    }

    Optional<PeerLink> find(NodeId peer) {
        PeerLink link = named.get(peer);
        return Optional.ofNullable(link == null ? unknown.get(peer) : link);
    }

    /** From now on there are links to these, and to no other member. An empty address is the one told at start. */
    synchronized void reach(SortedMap<NodeId, String> members) {
        if (closed) {
            return;
        }
        SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
        members.forEach((peer, text) -> addressOf(peer, text).ifPresent(address -> addresses.put(peer, address)));
        addresses.forEach((peer, address) -> {
            closeIf(unknown.remove(peer));
            PeerLink link = named.get(peer);
            if (link == null || !link.address().equals(address)) {
                closeIf(named.put(peer, open(peer, address)));
            }
        });
        named.keySet().stream()
                .filter(peer -> !members.containsKey(peer))
                .toList()
                .forEach(peer -> {
                    LOG.info("event=peer_link_closed peer={} cause=\"it is no member any more\"", peer);
                    closeIf(named.remove(peer));
                });
    }

    private Optional<InetSocketAddress> addressOf(NodeId peer, String text) {
        if (text.isEmpty()) {
            return Optional.ofNullable(settings.peers().get(peer));
        }
        Optional<InetSocketAddress> address = PeerAddress.parse(text);
        if (address.isEmpty()) {
            LOG.warn("event=peer_address_unusable peer={} address=\"{}\"", peer, RefusalLog.said(text));
        }
        return address;
    }

    /** Somebody was let in and says where it is reached. */
    synchronized void onHello(NodeId peer, String text) {
        PeerLink known = unknown.get(peer);
        if (closed || named.containsKey(peer) || known == null && unknown.size() >= MAX_UNKNOWN) {
            return;
        }
        PeerAddress.parse(text).ifPresent(address -> {
            if (known == null || !known.address().equals(address)) {
                closeIf(unknown.put(peer, open(peer, address)));
            }
        });
    }

    SortedSet<NodeId> without(String capability) {
        SortedSet<NodeId> peers = new TreeSet<>();
        named.forEach((peer, link) -> {
            if (link.lacks(capability)) {
                peers.add(peer);
            }
        });
        return peers;
    }

    boolean allHave(String capability) {
        return named.values().stream().allMatch(link -> link.has(capability));
    }

    /** Dials those that are not connected. */
    void greet() {
        named.values().forEach(PeerLink::greet);
    }

    private static void closeIf(PeerLink link) {
        if (link != null) {
            link.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        named.values().forEach(PeerLink::close);
        unknown.values().forEach(PeerLink::close);
    }
}
