package io.mqcontroller.agent.spi;

/**
 * How far a replica's log reaches.
 *
 * @param lastEpoch newest epoch that the log has an entry for; -1: none
 * @param epochStartOffset where that epoch begins; of no meaning on a slave
 * @param maxOffset end of the log
 * @param confirmOffset up to which consumers may read
 */
public record LogPosition(int lastEpoch, long epochStartOffset, long maxOffset, long confirmOffset) {}
