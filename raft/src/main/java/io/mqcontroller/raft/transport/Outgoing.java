package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.raft.codec.MessageCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import java.util.function.Supplier;

/**
 * What waits to be sent; made into a frame on the event loop, which spares the Raft thread.
 *
 * @param urgent small, and what elections and commits hang on: still sent when bulk is dropped
 */
record Outgoing(Supplier<PeerFrame> frame, long roughBytes, boolean urgent) {
    static Outgoing of(Message message) {
        boolean bulk = message instanceof Message.InstallSnapshot
                || (message instanceof Message.AppendEntries append
                        && !append.entries().isEmpty());
        return new Outgoing(() -> MessageCodec.encode(message), MessageCodec.roughBytes(message), !bulk);
    }

    static Outgoing of(Bytes application) {
        return new Outgoing(() -> MessageCodec.encodeApplication(application), application.size(), false);
    }
}
