/**
 * Decides whether what clients saw of a service can have happened one operation after another. Knows nothing about Raft: the
 * simulation and tests against real processes share it. A {@link io.mqcontroller.raft.linearizability.History} takes in what
 * clients do, from any thread; all else is pure.
 */
package io.mqcontroller.raft.linearizability;
