package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.log.RocksLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import io.mqcontroller.raft.node.FaultHandler;
import io.mqcontroller.raft.node.RaftListener;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.node.RaftNodeConfig;
import io.mqcontroller.raft.node.RememberedStores;
import io.mqcontroller.raft.node.StateMachine;
import io.mqcontroller.raft.transport.EventLoops;
import io.mqcontroller.raft.transport.NettyTransport;
import io.mqcontroller.raft.transport.PeerListener;
import io.mqcontroller.raft.transport.PeerSettings;
import io.mqcontroller.raft.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A member of this process: real store, real sockets, and what a program wants to see of both. */
final class LocalMember implements AutoCloseable {
    final RaftNode node;
    private final EventLoops loops;
    private final PeerListener listener;

    /** Looks at store and transport before the member uses them, or puts something around them. */
    interface Surroundings {
        default LogStore around(LogStore store) throws IOException {
            return store;
        }

        default Transport around(Transport transport) {
            return transport;
        }
    }

    LocalMember(
            RaftSettings settings,
            SortedMap<NodeId, InetSocketAddress> addresses,
            Path directory,
            StateMachine machine,
            Surroundings surroundings,
            RaftListener roles,
            FaultHandler faults)
            throws IOException {
        NodeId self = settings.self();
        SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>(addresses);
        peers.remove(self);
        loops = EventLoops.start("loop-" + self, 1);
        RocksLogStore rocks = RocksLogStore.open(directory, new StoreOwner("test", self));
        NettyTransport sockets = new NettyTransport(
                new PeerSettings("test", self, "", peers, 1_000, new RememberedStores(rocks)), loops);
        LogStore store = surroundings.around(rocks);
        long chance = System.nanoTime() ^ ProcessHandle.current().pid() ^ self.hashCode();
        node = new RaftNode(
                RaftNodeConfig.of(settings, chance | 1, chance),
                store,
                new DiskReserve(directory, 0),
                surroundings.around(sockets),
                machine,
                roles,
                faults);
        node.start();
        listener = PeerListener.listen(addresses.get(self), sockets, loops);
    }

    /**
     * Sound settings but for these.
     *
     * @param heartbeatsPerElectionTimeout fewer make it rarer that a slow disk is taken for a lost chunk of a snapshot
     */
    static RaftSettings settings(
            NodeId self,
            List<NodeId> members,
            long electionTimeoutMs,
            int heartbeatsPerElectionTimeout,
            long snapshotEveryEntries,
            long retainedEntries) {
        RaftSettings sound = RaftSettings.defaults(self, members, electionTimeoutMs);
        return sound.withPace(electionTimeoutMs / heartbeatsPerElectionTimeout, sound.tickMs())
                .withSnapshots(
                        snapshotEveryEntries,
                        sound.snapshotThresholdBytes(),
                        retainedEntries,
                        sound.snapshotChunkBytes());
    }

    @Override
    public void close() {
        listener.close();
        node.close();
        loops.close();
    }
}
