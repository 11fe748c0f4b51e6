package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.transport.Transport;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Tells somebody of each message before it is sent. */
final class ObservedTransport implements Transport {
    private final Transport transport;
    private final BiConsumer<NodeId, Message> observer;

    ObservedTransport(Transport transport, BiConsumer<NodeId, Message> observer) {
        this.transport = transport;
        this.observer = observer;
    }

    @Override
    public void send(NodeId to, Message message) {
        observer.accept(to, message);
        transport.send(to, message);
    }

    @Override
    public void start(Receiver receiver) {
        transport.start(receiver);
    }

    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        transport.sendApplication(to, payload);
    }

    @Override
    public void reach(SortedMap<NodeId, String> members) {
        transport.reach(members);
    }

    @Override
    public void refuse(SortedSet<NodeId> removed) {
        transport.refuse(removed);
    }

    @Override
    public void greet() {
        transport.greet();
    }

    @Override
    public boolean allHave(String capability) {
        return transport.allHave(capability);
    }

    @Override
    public SortedSet<NodeId> without(String capability) {
        return transport.without(capability);
    }

    @Override
    public CompletableFuture<Long> incarnationOf(NodeId wanted, String address) {
        return transport.incarnationOf(wanted, address);
    }

    @Override
    public void close() {
        transport.close();
    }
}
