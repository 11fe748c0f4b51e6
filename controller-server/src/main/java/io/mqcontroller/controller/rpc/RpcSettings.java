package io.mqcontroller.controller.rpc;

/**
 * How the port is opened and what strangers may take of it.
 *
 * @param host to listen on; {@code 0.0.0.0} for all
 * @param port 0 for any free one
 * @param maxConnections beyond which only peers are let in: brokers in a flood must not cut the controllers off from each
 *     other
 * @param firstBytesTimeoutMs in which a new connection must have shown what it speaks
 * @param httpPort named to those who come with a browser
 */
public record RpcSettings(String host, int port, int maxConnections, long firstBytesTimeoutMs, int httpPort) {
    public RpcSettings {
        if (port < 0 || port > 65535 || maxConnections < 1 || firstBytesTimeoutMs < 1) {
            throw new IllegalArgumentException("port must be 0 to 65535 (" + port
                    + "), maxConnections and firstBytesTimeoutMs 1 or more (" + maxConnections + ", "
                    + firstBytesTimeoutMs + ")");
        }
    }
}
