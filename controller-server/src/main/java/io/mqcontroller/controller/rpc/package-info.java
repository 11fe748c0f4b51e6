/**
 * The one listening port, for everybody: the first bytes of a connection tell peers, brokers and others apart, and whoever
 * speaks that protocol takes the connection over.
 *
 * <p>Runs on Netty's event loops, which the caller owns. Imports {@code remoting}, {@code raft.transport}, {@code proto.frame} and Netty.
 */
package io.mqcontroller.controller.rpc;
