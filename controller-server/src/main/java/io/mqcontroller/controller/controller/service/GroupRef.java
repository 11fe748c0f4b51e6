package io.mqcontroller.controller.controller.service;

import java.util.Objects;
import java.util.Optional;

/**
 * A group as a request names it. Without a cluster it means the group of the cluster that the caller registered or
 * heartbeats with on this connection, else the only group of that name.
 */
public record GroupRef(Optional<String> cluster, String brokerName, ConnectionId connection) {
    public GroupRef {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(brokerName, "brokerName");
        Objects.requireNonNull(connection, "connection");
    }
}
