/**
 * The protocol in virtual time: the real {@link io.mqcontroller.raft.core.RaftCore} of each member, a network, disks and
 * clocks that misbehave as a seed says, and clients that record what they were told. One thread, no wall clock: the same
 * seed gives the same run, in each JVM. {@code Simulation} puts it together, {@code FaultPlan} says what goes wrong,
 * {@code invariant} what must hold all the same.
 */
package io.mqcontroller.raft.simulation;
