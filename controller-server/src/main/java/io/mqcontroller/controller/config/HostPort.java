package io.mqcontroller.controller.config;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;

/** Where something can be dialled. The host is a name or an address; it is resolved only when it is used. */
public record HostPort(String host, int port) {
    public HostPort {
        Objects.requireNonNull(host, "host");
        if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ' || c == ';' || c == '/' || c == ',')) {
            throw new IllegalArgumentException("host \"" + host + "\" must be a name or an address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " must be from 1 to 65535");
        }
    }

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("must be host:port, such as 10.0.0.1:9877");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address must stand in brackets, such as [::1]:9877");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be host:port with a port from 1 to 65535", e);
        }
        return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    /** Whether only this machine can reach it, judged by its text: nothing is looked up. */
    public boolean isLoopback() {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.matches("127(\\.\\d{1,3}){3}")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1");
    }

    /** Whether it is the "any" address, which can be listened on and not be dialled. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
