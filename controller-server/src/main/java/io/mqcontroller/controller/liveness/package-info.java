/**
 * Who is alive: soft state from heartbeats and connections, never replicated, on the monotonic clock. One deadline per
 * replica, fired when it is due. No thread of its own: the controller loop owns and drives it. Imports {@link
 * io.mqcontroller.controller.metadata} and the Raft library's value types.
 */
package io.mqcontroller.controller.liveness;
