package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.NodeId;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom the transport talks to at first, and what it says of itself.
 *
 * @param cluster name of the cluster ({@code controllerDLegerGroup}): members of another one are refused
 * @param self this member
 * @param address {@code host:port} under which others reach this member; empty: they have been told
 * @param peers the other members and where they listen; unresolved addresses are resolved anew at each attempt
 * @param silenceTimeoutMs a connection on which the other side has answered nothing for this long is given up; pings go
 *     out at a quarter of it
 * @param stores which store each member comes with
 * @param capabilities what the application of this member knows, by names of its own; told to everybody who dials
 */
public record PeerSettings(
        String cluster,
        NodeId self,
        String address,
        SortedMap<NodeId, InetSocketAddress> peers,
        long silenceTimeoutMs,
        PeerStores stores,
        List<String> capabilities) {
    public PeerSettings {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(stores, "stores");
        if (peers.containsKey(self)) {
            throw new IllegalArgumentException("self " + self + " is not a peer of itself: " + peers.keySet());
        }
        if (silenceTimeoutMs < 4) {
            throw new IllegalArgumentException("the silence timeout is from 4 ms on: " + silenceTimeoutMs + " ms");
        }
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        capabilities = List.copyOf(capabilities);
    }

    /** Of an application that has nothing to tell. */
    public PeerSettings(
            String cluster,
            NodeId self,
            String address,
            SortedMap<NodeId, InetSocketAddress> peers,
            long silenceTimeoutMs,
            PeerStores stores) {
        this(cluster, self, address, peers, silenceTimeoutMs, stores, List.of());
    }
}
