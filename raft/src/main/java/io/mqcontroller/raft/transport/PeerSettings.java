package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.NodeId;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom the transport talks to.
 *
 * @param cluster name of the cluster ({@code controllerDLegerGroup}): members of another one are refused
 * @param self this member
 * @param peers the other members and where they listen; unresolved addresses are resolved anew at each attempt
 * @param silenceTimeoutMs a connection on which the other side has answered nothing for this long is given up; pings go
 *     out at a quarter of it
 */
public record PeerSettings(
        String cluster, NodeId self, SortedMap<NodeId, InetSocketAddress> peers, long silenceTimeoutMs) {
    public PeerSettings {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(self, "self");
        if (peers.containsKey(self)) {
            throw new IllegalArgumentException("self " + self + " is not a peer of itself: " + peers.keySet());
        }
        if (silenceTimeoutMs < 4) {
            throw new IllegalArgumentException("the silence timeout is from 4 ms on: " + silenceTimeoutMs + " ms");
        }
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }
}
