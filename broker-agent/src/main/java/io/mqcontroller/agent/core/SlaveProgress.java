package io.mqcontroller.agent.core;

/**
 * How far a slave has got, as its master sees it. What is told belongs to the master's present role: the slave has cut its log
 * to the master's since, so that everything below {@code ackOffset} is the master's data.
 *
 * @param connected whether its replication connection is open now
 * @param ackOffset that it has confirmed over the newest connection; -1: nothing yet
 * @param learner it must never be in the SyncStateSet
 */
public record SlaveProgress(long brokerId, boolean connected, long ackOffset, boolean learner) {}
