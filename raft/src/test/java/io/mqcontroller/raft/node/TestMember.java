package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.log.SelfRepairingLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import io.mqcontroller.raft.transport.EventLoops;
import io.mqcontroller.raft.transport.LoopbackAddress;
import io.mqcontroller.raft.transport.NettyTransport;
import io.mqcontroller.raft.transport.PeerListener;
import io.mqcontroller.raft.transport.PeerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One member with a real store, real sockets and real threads. */
final class TestMember implements AutoCloseable {
    final RaftNode node;
    final KeyCounts machine = new KeyCounts();
    final AtomicReference<Optional<String>> fault = new AtomicReference<>(Optional.empty());
    private final EventLoops loops;
    private final PeerListener listener;

    TestMember(
            RaftSettings settings,
            SortedMap<NodeId, InetSocketAddress> addresses,
            Path directory,
            long incarnation,
            long reserveBytes,
            UnaryOperator<LogStore> wrapping)
            throws IOException {
        NodeId self = settings.self();
        SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>(addresses);
        peers.remove(self);
        loops = EventLoops.start("test-loop-" + self, 1);
        SelfRepairingLogStore numbered =
                SelfRepairingLogStore.open(directory, new StoreOwner("test", self, incarnation), true);
        String address = LoopbackAddress.format(addresses.get(self));
        NettyTransport transport = new NettyTransport(
                new PeerSettings("test", self, address, peers, 1_000, new RememberedStores(numbered)), loops);
        LogStore store = wrapping.apply(numbered);
        long chance = System.nanoTime() ^ self.hashCode();
        node = new RaftNode(
                RaftNodeConfig.of(settings, chance | 1, chance),
                store,
                new DiskReserve(directory, reserveBytes),
                transport,
                machine,
                RaftListener.NONE,
                (what, cause) -> fault.set(Optional.of(what)));
        node.start();
        listener = PeerListener.listen(addresses.get(self), transport, loops);
    }

    RaftStatus status() {
        return node.status();
    }

    CompletableFuture<ProposalResult> propose(String command) {
        CompletableFuture<ProposalResult> result = new CompletableFuture<>();
        node.propose(Bytes.utf8(command), result::complete);
        return result;
    }

    CompletableFuture<ReadResult> read() {
        CompletableFuture<ReadResult> result = new CompletableFuture<>();
        node.read(result::complete);
        return result;
    }

    @Override
    public void close() {
        listener.close();
        node.close();
        loops.close();
    }
}
