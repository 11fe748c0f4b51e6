package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;

/**
 * Which store each member comes with. A member that comes with another store than before has lost its votes and what it had
 * acknowledged: whoever has met it with the old one refuses it.
 */
public interface PeerStores {
    /** For members that remember nobody. */
    PeerStores FORGETFUL = new PeerStores() {
        @Override
        public long ownNumber() {
            return 0;
        }

        @Override
        public boolean ownReplacesLost() {
            return false;
        }

        @Override
        public long ownIncarnation() {
            return 0;
        }

        @Override
        public boolean isStoreOf(NodeId peer, long number, boolean replaces) {
            return true;
        }
    };

    /** Random number of this member's store; 0: peers are not told one. */
    long ownNumber();

    /** Whether this store takes the place of a damaged one, and knows that it has forgotten what that one promised. */
    boolean ownReplacesLost();

    /** See {@link io.mqcontroller.raft.core.RecoveredState#incarnation}. */
    long ownIncarnation();

    /**
     * Whether this member has met the peer with this store only, or never; then it remembers it, durably. Blocks.
     *
     * @param replaces the store says that it takes the place of a damaged one: then it does
     */
    boolean isStoreOf(NodeId peer, long number, boolean replaces) throws IOException;
}
