/**
 * How members talk: the {@link io.mqcontroller.raft.transport.Transport} seam and its Netty implementation over frames of
 * {@code proto}.
 *
 * <p>Runs on Netty's event loops; hands everything received to one handler. Imports {@code raft.core},
 * {@code raft.codec}, {@code proto}, Netty.
 */
package io.mqcontroller.raft.transport;
