package io.mqcontroller.raft.transport;

import java.net.InetSocketAddress;
import java.util.Optional;

/** Addresses as configurations and hellos have them: {@code host:port}; what follows a comma is the application's. */
final class PeerAddress {
    private PeerAddress() {}

    /** Unresolved; nothing if it can't be dialled. */
    static Optional<InetSocketAddress> parse(String text) {
        int comma = text.indexOf(',');
        String address = comma < 0 ? text : text.substring(0, comma);
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return Optional.of(
                    InetSocketAddress.createUnresolved(bracketed ? host.substring(1, host.length() - 1) : host, port));
        } catch (IllegalArgumentException notAPort) {
            return Optional.empty();
        }
    }
}
