package io.mqcontroller.agent.spi;

/**
 * Be a slave.
 *
 * @param brokerId the replica's own id
 * @param epoch masterEpoch of the master
 * @param masterAddress the master's port for clients
 * @param masterHaAddress from where to copy its log; empty when the controllers don't know it: the broker then finds it as it
 *     would without an agent
 */
public record SlaveRole(long brokerId, int epoch, long masterId, String masterAddress, String masterHaAddress) {}
