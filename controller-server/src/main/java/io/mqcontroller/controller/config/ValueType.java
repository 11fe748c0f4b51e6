package io.mqcontroller.controller.config;

import io.mqcontroller.raft.core.NodeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How the text of a value is read.
 *
 * @param <T> what it becomes
 */
interface ValueType<T> {
    /**
     * @return the value
     * @throws IllegalArgumentException whose message says what would be right, fit to stand behind "key=text: "
     */
    T parse(String text);

    /** The range in words, for tables and messages. */
    String range();

    /** {@code true} or {@code false}, and nothing that only looks like it. */
    static ValueType<Boolean> flag() {
        return of("true or false", text -> switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    /** A whole number, both ends included. */
    static ValueType<Long> number(long min, long max, String unit) {
        String range = min + " to " + max + (unit.isEmpty() ? "" : " " + unit);
        return of(range, text -> {
            try {
                long value = Long.parseLong(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a whole number from " + range, e);
            }
            throw new IllegalArgumentException("must be from " + range);
        });
    }

    /** Text of a given shape. */
    static ValueType<String> text(String range, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return of(range, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new IllegalArgumentException("must be " + range);
            }
            return text;
        });
    }

    /** @param range whether of a file or of a folder */
    static ValueType<Path> path(String range) {
        return of(range, text -> {
            try {
                return Path.of(text).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("must be a path: " + e.getReason(), e);
            }
        });
    }

    static ValueType<HostPort> hostPort() {
        return of("host:port", HostPort::parse);
    }

    /** {@code id-host:port;id-host:port}: what is before the first dash is the id, so a host name may have dashes. */
    static ValueType<SortedMap<NodeId, HostPort>> peers() {
        return of("id-host:port, separated by semicolons", ValueType::parsePeers);
    }

    /** Names, separated by semicolons; may be empty. */
    static ValueType<List<String>> names() {
        return of("key names, separated by semicolons", text -> {
            List<String> names = new ArrayList<>();
            for (String name : text.split(";")) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
            return List.copyOf(names);
        });
    }

    private static SortedMap<NodeId, HostPort> parsePeers(String text) {
        SortedMap<NodeId, HostPort> peers = new TreeMap<>();
        for (String part : text.split(";")) {
            String peer = part.strip();
            if (peer.isEmpty()) {
                continue;
            }
            int dash = peer.indexOf('-');
            if (dash < 1) {
                throw new IllegalArgumentException(
                        "member \"" + peer + "\" must be id-host:port, such as n0-10.0.0.1:9877");
            }
            NodeId id = new NodeId(peer.substring(0, dash));
            HostPort address;
            try {
                address = HostPort.parse(peer.substring(dash + 1));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("member \"" + peer + "\": " + e.getMessage(), e);
            }
            if (peers.containsValue(address)) {
                throw new IllegalArgumentException(
                        "address " + address + " is given to two members; each needs its own");
            }
            if (peers.put(id, address) != null) {
                throw new IllegalArgumentException("id " + id + " is given twice; each member needs its own");
            }
        }
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("names no member; one looks like n0-10.0.0.1:9877");
        }
        if (peers.size() > 9) {
            throw new IllegalArgumentException(
                    "names " + peers.size() + " members; 1, 3 or 5 are usual, 9 is the limit");
        }
        return Collections.unmodifiableSortedMap(peers);
    }

    private static <T> ValueType<T> of(String range, java.util.function.Function<String, T> parser) {
        return new ValueType<>() {
            @Override
            public T parse(String text) {
                return parser.apply(text);
            }

            @Override
            public String range() {
                return range;
            }
        };
    }
}
