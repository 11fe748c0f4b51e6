package io.mqcontroller.controller.metadata;

/**
 * What outlives a removed group. Brokers keep the newest epoch that they have seen on disk and ignore everything below it, so
 * a group that is made again goes on above these.
 */
public record Tombstone(long nextBrokerId, int masterEpoch, int syncStateSetEpoch) {
    public static final Tombstone NONE = new Tombstone(1, 0, 0);
}
