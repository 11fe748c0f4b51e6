/**
 * The agent without its broker: what it does about what it is told, as {@code step(now, event) -> actions}. Has no thread,
 * clock, file or socket, so the code that runs inside a broker runs in the simulation. Imports {@code java.*} only; the one
 * thread that owns it is its driver's.
 */
package io.mqcontroller.agent.core;
