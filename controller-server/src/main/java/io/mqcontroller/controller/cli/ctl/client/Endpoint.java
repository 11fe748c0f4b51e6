package io.mqcontroller.controller.cli.ctl.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where a controller listens. */
public record Endpoint(String host, int port) {
    public Endpoint {
        Objects.requireNonNull(host, "host");
    }

    /** @throws CallException with {@link ExitCode#USAGE} if it is not {@code host:port} */
    public static Endpoint parse(String text) throws CallException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isBlank() && port >= 1 && port <= 65_535) {
                return new Endpoint(host, port);
            }
        } catch (NumberFormatException notAPort) {
            // said below
        }
        throw new CallException(
                ExitCode.USAGE, "\"" + text + "\" is no endpoint; one is host:port, for instance 10.0.0.1:9877");
    }

    /** Several, with commas or, as in {@code controllerAddr}, semicolons between them. */
    public static List<Endpoint> parseAll(String text) throws CallException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String part : text.split("[,;]")) {
            if (!part.isBlank()) {
                endpoints.add(parse(part.strip()));
            }
        }
        return endpoints;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
