/**
 * What agents and tools of ours ask, in protobuf frames ({@code controller.proto}): their requests become use cases, replies
 * become answers, and news of a group go to its agents over the connections that they keep.
 *
 * <p>Runs on Netty's event loops; pushes come from the controller loop. Imports {@code controller}, {@code metadata}, {@code
 * remoting}'s parts of a connection, {@code proto} and Netty.
 */
package io.mqcontroller.controller.rpc.agent;
