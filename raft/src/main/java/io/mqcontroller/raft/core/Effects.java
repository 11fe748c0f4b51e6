package io.mqcontroller.raft.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the effects of one step in the order in which they must happen. */
final class Effects {
    private List<Effect> collected = new ArrayList<>();

    void add(Effect effect) {
        collected.add(effect);
    }

    void send(NodeId to, Message message) {
        collected.add(new Effect.Send(to, message));
    }

    /**
     * Everything since the last call. The write goes first, though it was asked for last: what must not happen before it is
     * durable is not among these effects at all, and the disk has the longest way to go.
     */
    List<Effect> take(Optional<Effect.Persist> persist) {
        persist.ifPresent(write -> collected.add(0, write));
        List<Effect> taken = collected;
        collected = new ArrayList<>();
        return taken;
    }
}
