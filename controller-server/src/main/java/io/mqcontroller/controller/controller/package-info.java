/**
 * The one loop that owns the replicated state, and {@link io.mqcontroller.controller.controller.ControllerService}, the use
 * cases as futures. Each protocol is a thin adapter over it.
 *
 * <p>One thread ({@code controller-loop}) owns everything here; others send it messages through its mailbox. Imports {@code
 * metadata}, {@code election}, {@code liveness}, and the Raft library.
 */
package io.mqcontroller.controller.controller;
