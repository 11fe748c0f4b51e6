/**
 * The binding to Apache RocketMQ 5.3 to 5.5: the only package that imports it. It changes nothing of Apache's; it extends
 * {@code BrokerController}, puts a replicas manager, an HA service and processors of its own in their places, and starts it.
 *
 * <p>Threads: the broker's own call the processors and the store; the agent's call
 * {@link io.mqcontroller.agent.rocketmq.RocketMqBrokerReplica}.
 */
package io.mqcontroller.agent.rocketmq;
