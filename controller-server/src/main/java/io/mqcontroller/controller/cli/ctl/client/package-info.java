/**
 * The tool's side of the protocol: blocking calls over plain sockets, so that the command starts without Netty. One thread a
 * call. Imports protobuf and {@code java.*}.
 */
package io.mqcontroller.controller.cli.ctl.client;
