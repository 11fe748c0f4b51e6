package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.RocksLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import io.mqcontroller.raft.node.RaftListener;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.node.RaftNodeConfig;
import io.mqcontroller.raft.transport.EventLoops;
import io.mqcontroller.raft.transport.NettyTransport;
import io.mqcontroller.raft.transport.PeerListener;
import io.mqcontroller.raft.transport.PeerSettings;
import io.mqcontroller.raft.transport.PeerStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A controller with real Raft, store and sockets, but no protocol before it. */
final class LoopMember implements AutoCloseable {
    final ControllerLoop loop;
    final RaftNode node;
    final Queue<String> notified = new ConcurrentLinkedQueue<>();
    final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final EventLoops eventLoops;
    private final PeerListener listener;

    LoopMember(NodeId self, SortedMap<NodeId, InetSocketAddress> members, Path directory) throws IOException {
        SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>(members);
        peers.remove(self);
        eventLoops = EventLoops.start("test-" + self, 1);
        NettyTransport transport =
                new NettyTransport(new PeerSettings("test", self, "", peers, 1_000, PeerStores.FORGETFUL), eventLoops);
        loop = new ControllerLoop(
                self,
                ControllerSettings.DEFAULT,
                new InSyncFirstPolicy(),
                (address, group) -> notified.add(address + " " + group.masterEpoch()),
                ControllerObserver.NONE,
                () -> System.nanoTime() / 1_000_000,
                (what, cause) -> faults.add(what + ": " + cause));
        long chance = System.nanoTime() ^ self.hashCode();
        node = new RaftNode(
                RaftNodeConfig.of(RaftSettings.defaults(self, List.copyOf(members.keySet()), 500), chance | 1, chance),
                RocksLogStore.open(directory, new StoreOwner("test", self)),
                new DiskReserve(directory, 0),
                transport,
                loop.stateMachine(),
                RaftListener.NONE,
                (what, cause) -> faults.add(what + ": " + cause));
        loop.start(node);
        node.start();
        listener = PeerListener.listen(members.get(self).getPort(), transport, eventLoops);
    }

    ControllerService service() {
        return loop.service();
    }

    @Override
    public void close() {
        listener.close();
        node.close();
        loop.close();
        eventLoops.close();
    }
}
