/**
 * What must hold at every moment of a simulation, one class each. The simulation calls them after each effect, each step
 * and each restart, on its only thread. They know the protocol's values and the two views {@link
 * io.mqcontroller.raft.simulation.invariant.Member} and {@link io.mqcontroller.raft.simulation.invariant.StoreView}, not
 * the simulation. Imports {@code java.*}, {@code raft.core} and {@code raft.linearizability}.
 */
package io.mqcontroller.raft.simulation.invariant;
