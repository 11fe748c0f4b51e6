package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.log.NumberedStore;
import io.mqcontroller.raft.transport.PeerStores;
import java.io.IOException;
import java.util.Objects;

/**
 * What a member's own store remembers of the stores of others, for its transport.
 *
 * @param store asked each time: it may be replaced when it is read back
 */
public record RememberedStores(NumberedStore store) implements PeerStores {
    public RememberedStores {
        Objects.requireNonNull(store, "store");
    }

    @Override
    public long ownNumber() {
        return store.knownStores().ownNumber();
    }

    @Override
    public boolean ownReplacesLost() {
        return store.knownStores().replacesLost();
    }

    @Override
    public long ownIncarnation() {
        return store.incarnation();
    }

    @Override
    public boolean isStoreOf(NodeId peer, long number, boolean replaces) throws IOException {
        return store.knownStores().isStoreOf(peer, number, replaces);
    }
}
