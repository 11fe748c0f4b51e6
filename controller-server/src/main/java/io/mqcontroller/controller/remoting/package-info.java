/**
 * RocketMQ's remoting protocol for unmodified brokers and {@code mqadmin}: a small strict codec of its own, a typed reader
 * for each request, the answers in RocketMQ's words and numbers, and the one request that the controller sends itself (code
 * 1008). RocketMQ's words stop here.
 *
 * <p>Runs on Netty's event loops, one per connection; owns no thread. Everything is handed to {@link
 * io.mqcontroller.controller.controller.service.ControllerService}; answers come back on the controller loop and are passed to the
 * connection's event loop in groups. Imports {@code controller}, {@code metadata} (values), {@code raft.core} (status), {@code raft.transport} (event loops),
 * Netty and jackson-core.
 */
package io.mqcontroller.controller.remoting;
