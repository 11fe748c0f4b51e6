package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerId;

/**
 * A master is to hand over to another replica.
 *
 * @param number unique in its group, over all leaders
 * @param limitMs for which it may pause writes
 * @param maxLagBytes that the other one may lack when it begins
 */
public record HandOverOrder(long number, BrokerId to, long limitMs, long maxLagBytes) {}
