/**
 * Drives {@link io.mqcontroller.agent.core.AgentCore} inside a broker: threads, the connection to the controllers, the identity
 * file, the configuration. Knows the core, the SPI and the words of the protocol; no broker.
 *
 * <p>Threads: {@code mqagent} owns the core and never waits for anything but its mailbox. {@code mqagent-switch} carries out
 * role changes, {@code mqagent-disk} writes the identity file and probes the store, {@code mqagent-controller-in} and
 * {@code -out} are those of the one connection to a controller.
 */
package io.mqcontroller.agent.runtime;
