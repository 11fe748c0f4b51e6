package io.mqcontroller.raft.core;

/**
 * What a member says of its store along with its answers.
 *
 * @param recoveryId not 0: the store was lost or damaged, and this member follows without a vote until a leader has confirmed
 *     that it is whole again; the number tells one loss from another, see {@link Recovery}
 * @param impaired the disk is slow or full: others should lead
 */
public record StoreHealth(long recoveryId, boolean impaired) {
    public static final StoreHealth SOUND = new StoreHealth(0, false);

    /** Whether what this member acknowledges counts for nothing yet. */
    public boolean recovering() {
        return recoveryId != 0;
    }
}
