package io.mqcontroller.agent.core;

/**
 * The master is to hand over to another replica; {@code HandOverOrder} of {@code controller.proto}.
 *
 * @param number never given to another order of the group
 */
public record HandOverOrder(long number, long to, long limitMs, long maxLagBytes) {}
