/**
 * What a broker does for the agent that it hosts, and what the agent gives it. A broker of another make implements {@link
 * io.mqcontroller.agent.spi.BrokerReplica}, asks {@link io.mqcontroller.agent.spi.WritePermit} before each write and before
 * each acknowledgement, and is done. Imports {@code java.*} and values of the core.
 */
package io.mqcontroller.agent.spi;
