/**
 * Metrics, probes and the HTTP server that shows them, on a port of their own.
 *
 * <p>Connections are served on the daemon's event loops; pages are made on one thread of this package ({@code
 * http-worker}), because a scrape takes milliseconds. Listeners of other parts are implemented here, so that those parts
 * know no metrics library; their methods run on those parts' threads and only count. Imports Netty, Micrometer, {@code
 * raft.node}, {@code raft.core}, and the observer seams of {@code controller} and {@code remoting}.
 */
package io.mqcontroller.controller.http;
