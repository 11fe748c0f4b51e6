package io.mqcontroller.controller.config;

import io.mqcontroller.raft.core.NodeId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration as the daemon uses it: checked, complete, with the values that can't change while it runs. Those that
 * can are asked of {@link LiveConfig}.
 *
 * @param cluster {@code controllerDLegerGroup}
 * @param self one of {@code members}
 * @param joins whether an empty store is one that waits to be added to a cluster that runs
 * @param members all controllers at the first start and where they listen, {@code self} included
 * @param advertised where brokers and tools reach them: the same ids
 * @param network listening for peers, brokers and tools
 * @param http listening for metrics and probes
 * @param raft timing
 * @param brokerConnectionLossGraceMs a broker whose last connection is closed counts as dead after this long
 * @param masterLeaseMs for how long a master with an agent may take writes without hearing from the leader again
 * @param preferredMasterHoldMs a better replica takes over when it could for so long; 0: never
 * @param store folder of everything durable
 */
public record ControllerConfig(
        String cluster,
        NodeId self,
        boolean joins,
        SortedMap<NodeId, HostPort> members,
        SortedMap<NodeId, HostPort> advertised,
        Path store,
        Network network,
        Http http,
        Raft raft,
        long brokerConnectionLossGraceMs,
        long masterLeaseMs,
        long preferredMasterHoldMs,
        LogFormat logFormat) {
    public ControllerConfig {
        Objects.requireNonNull(cluster, "cluster");
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        advertised = Collections.unmodifiableSortedMap(new TreeMap<>(advertised));
        if (!members.containsKey(self)) {
            throw new IllegalArgumentException("self " + self + " is not one of " + members.keySet());
        }
        if (!advertised.keySet().equals(members.keySet())) {
            throw new IllegalArgumentException(
                    "advertised " + advertised.keySet() + " are not the members " + members.keySet());
        }
    }

    /**
     * @param host to listen on
     * @param port to listen on: the one of {@code self} in {@code controllerDLegerPeers}
     */
    public record Network(String host, int port, int idleTimeoutSeconds, int maxConnections) {}

    /**
     * @param port 0: no HTTP
     * @param console whether there is a page for operators
     * @param consolePassword file with the hash of what lets somebody act there
     * @param metricsPerBroker whether there are series for each broker
     * @param metricsApacheNames whether there are the metrics of Apache's controller as well
     */
    public record Http(
            String host,
            int port,
            boolean console,
            Optional<Path> consolePassword,
            boolean metricsPerBroker,
            boolean metricsApacheNames) {}

    /**
     * {@code heartbeatIntervalMs * 3 <= electionTimeoutMs}.
     *
     * @param diskReserveBytes room that is kept for the moment when the disk is full
     */
    public record Raft(
            long electionTimeoutMs, long heartbeatIntervalMs, long snapshotThresholdEntries, long diskReserveBytes) {}

    /** How log lines look. */
    public enum LogFormat {
        TEXT,
        JSON
    }
}
