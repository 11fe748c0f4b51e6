/**
 * The one loop that owns the replicated state and carries out the use cases of {@link
 * io.mqcontroller.controller.controller.service.ControllerService}. Each protocol is a thin adapter over that.
 *
 * <p>One thread ({@code controller-loop}) owns everything here; others send it messages through its mailbox. Imports {@code
 * metadata}, {@code election}, {@code liveness}, and the Raft library.
 */
package io.mqcontroller.controller.controller;
