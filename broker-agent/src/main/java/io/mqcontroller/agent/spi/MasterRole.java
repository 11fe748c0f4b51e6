package io.mqcontroller.agent.spi;

import java.util.SortedSet;

/**
 * Be master.
 *
 * @param brokerId the replica's own id
 * @param epoch masterEpoch under which it is master
 * @param syncStateSet whose members have to hold a write before it is acknowledged
 */
public record MasterRole(long brokerId, int epoch, SortedSet<Long> syncStateSet) {}
