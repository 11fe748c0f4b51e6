/**
 * The Raft protocol as a deterministic state machine.
 *
 * <p>{@link io.mqcontroller.raft.core.RaftCore#step} takes an {@link io.mqcontroller.raft.core.Event} and the monotonic
 * time and returns the {@link io.mqcontroller.raft.core.Effect}s that must happen, in that order. Nothing in this package
 * knows a thread, a clock, a file, a socket or an unseeded random number, so that the code that runs in production is the
 * code that runs in the simulation. The caller (the driver in {@code raft.node}, or the simulation) owns the instance and
 * its only thread. Imports {@code java.*} only.
 *
 * <p>Sources: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (extended version), cited as §n;
 * Ongaro's dissertation, cited as "thesis §n".
 */
package io.mqcontroller.raft.core;
