package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.RaftSettings;
import java.util.Objects;

/**
 * What a node is told at start.
 *
 * @param clientId this process's name for its own proposals; a new random one in each life of the process
 * @param randomSeed of the election timeouts
 * @param maxWaiting proposals and reads that may wait for the Raft thread, together, and reads that may wait for the other
 *     members after that; more are refused by name
 * @param maxWaitingMessageBytes messages from peers that may wait for the Raft thread, by a rough measure of their size;
 *     more are dropped, as the network might
 * @param maxBatch events that one turn of the Raft thread takes in
 */
public record RaftNodeConfig(
        RaftSettings settings,
        long clientId,
        long randomSeed,
        int maxWaiting,
        long maxWaitingMessageBytes,
        int maxBatch) {
    public RaftNodeConfig {
        Objects.requireNonNull(settings, "settings");
        if (clientId == 0) {
            throw new IllegalArgumentException("client id 0 is for entries that nobody proposed");
        }
        if (maxWaiting < 1 || maxWaitingMessageBytes < 1 || maxBatch < 1) {
            throw new IllegalArgumentException("bounds of the mailbox are from 1 on: " + maxWaiting + " waiting, "
                    + maxWaitingMessageBytes + " bytes, batch of " + maxBatch);
        }
    }

    /** Sound bounds; {@code clientId} and {@code randomSeed} as above, from a source of real chance. */
    public static RaftNodeConfig of(RaftSettings settings, long clientId, long randomSeed) {
        return new RaftNodeConfig(settings, clientId, randomSeed, 65_536, 64L << 20, 4_096);
    }
}
