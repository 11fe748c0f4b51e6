package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.LeaseMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * What the agent takes from the broker's configuration, under RocketMQ's names where RocketMQ has one.
 *
 * @param controllers {@code controllerAddr}: host:port of each, separated by semicolons
 * @param lookUpControllers {@code fetchControllerAddrByDnsLookup}: {@code controllerAddr} is one name, all of whose addresses
 *     are controllers
 * @param relaySendsAtStopMs {@code relaySendsAtStopMillis}: for how long at most a master that is asked to end passes sends on to
 *     the next one
 * @param zone {@code brokerZone}: in which the broker stands, for the balance of masters over zones; or ""
 * @param notices what was understood otherwise than it is written, one line each
 */
public record AgentConfig(
        AgentSettings settings,
        Path identityFile,
        List<String> controllers,
        boolean lookUpControllers,
        long relaySendsAtStopMs,
        String zone,
        List<String> notices) {
    private static final long DEFAULT_LEASE_MS = 2_000;
    /** Clients look for a new master every 30 s. */
    private static final long DEFAULT_RELAY_MS = 35_000;

    /** What the broker knows of itself when its own configuration has been read. */
    public record Host(String cluster, String brokerName, String address, String haAddress, Path identityFile) {}

    /**
     * Reads the keys; others are the broker's business.
     *
     * @throws IllegalArgumentException that names all mistakes, one a line
     */
    public static AgentConfig of(Host host, Properties properties) {
        Reader reader = new Reader(properties);
        List<String> controllers = reader.addresses("controllerAddr");
        boolean lookUp = reader.bool("fetchControllerAddrByDnsLookup", false);
        long leaseMs = reader.number("masterLeaseMillis", DEFAULT_LEASE_MS, 300, 60_000);
        long heartbeatMs = reader.number("brokerHeartbeatInterval", Math.min(500, leaseMs / 4), 20, 20_000);
        long timeoutMs = reader.number("controllerHeartBeatTimeoutMills", leaseMs, 100, 600_000);
        long mostMs = Math.min(leaseMs, timeoutMs) / 3;
        List<String> notices = heartbeatMs <= mostMs
                ? List.of()
                : List.of("brokerHeartbeatInterval is " + mostMs + " ms, not " + heartbeatMs
                        + " ms: three heartbeats fit into masterLeaseMillis and controllerHeartBeatTimeoutMills");
        int priority =
                (int) reader.number("brokerElectionPriority", Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE);
        boolean learner = reader.bool("asyncLearner", false);
        LeaseMode mode = reader.leaseMode();
        long brokerPeriodMs = reader.number("syncBrokerMetadataPeriod", 5_000, 100, 600_000);
        long controllerPeriodMs = reader.number("syncControllerMetadataPeriod", 10_000, 100, 600_000);
        long setPeriodMs = reader.number("checkSyncStateSetPeriod", 5_000, 50, 600_000);
        long catchUpMs = reader.number("haMaxTimeSlaveNotCatchup", 15_000, 500, 600_000);
        long relayMs = reader.number("relaySendsAtStopMillis", DEFAULT_RELAY_MS, 0, 600_000);
        String zone = reader.name("brokerZone");
        reader.throwMistakes();
        AgentSettings plain =
                AgentSettings.defaults(host.cluster(), host.brokerName(), host.address(), host.haAddress());
        AgentSettings settings = new AgentSettings(
                host.cluster(),
                host.brokerName(),
                host.address(),
                host.haAddress(),
                priority,
                learner,
                mode,
                leaseMs,
                Math.min(heartbeatMs, mostMs),
                timeoutMs,
                brokerPeriodMs,
                controllerPeriodMs,
                setPeriodMs,
                catchUpMs,
                plain.haConnectionLossGraceMs(),
                plain.requestTimeoutMs());
        return new AgentConfig(settings, host.identityFile(), controllers, lookUp, relayMs, zone, notices);
    }

    /** What is wrong with the keys, a line each; so it can be told before the broker opens its store. */
    public static List<String> mistakes(Properties properties) {
        try {
            of(new Host("", "", "", "", Path.of("")), properties);
            return List.of();
        } catch (IllegalArgumentException e) {
            return e.getMessage().lines().toList();
        }
    }

    /** Reads values and collects what is wrong with them. */
    private static final class Reader {
        private final Properties properties;
        private final List<String> mistakes = new ArrayList<>();

        Reader(Properties properties) {
            this.properties = properties;
        }

        long number(String key, long byDefault, long least, long most) {
            String text = text(key);
            if (text.isEmpty()) {
                return byDefault;
            }
            try {
                long value = Long.parseLong(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // Told below, with what would be right.
            }
            mistake(key + " is a whole number from " + least + " to " + most + ", not \"" + text + "\"");
            return byDefault;
        }

        boolean bool(String key, boolean byDefault) {
            String text = text(key).toLowerCase(Locale.ROOT);
            if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
                mistake(key + " is true or false, not \"" + text + "\"");
            }
            return text.isEmpty() ? byDefault : text.equals("true");
        }

        LeaseMode leaseMode() {
            String text = text("masterLeaseMode");
            for (LeaseMode mode : LeaseMode.values()) {
                if (text.isEmpty() || mode.name().equalsIgnoreCase(text)) {
                    return text.isEmpty() ? LeaseMode.SAFE : mode;
                }
            }
            mistake("masterLeaseMode is safe, available or strict, not \"" + text + "\"");
            return LeaseMode.SAFE;
        }

        /** Empty if it is not given. */
        String name(String key) {
            String text = text(key);
            if (!text.matches("[A-Za-z0-9._-]{0,64}")) {
                mistake(key + " is a name of up to 64 letters, digits, dots, dashes and underscores, not \"" + text
                        + "\"");
            }
            return text;
        }

        List<String> addresses(String key) {
            List<String> addresses = split(text(key));
            if (addresses.isEmpty()) {
                mistake(key + " is missing: host:port of each controller, separated by semicolons");
            }
            for (String address : addresses) {
                if (!address.matches(".+:[0-9]{1,5}")) {
                    mistake(key + " is host:port of each controller, separated by semicolons; not \"" + address + "\"");
                }
            }
            return addresses;
        }

        void mistake(String text) {
            mistakes.add(text);
        }

        void throwMistakes() {
            if (!mistakes.isEmpty()) {
                throw new IllegalArgumentException(String.join("\n", mistakes));
            }
        }

        private String text(String key) {
            return properties.getProperty(key, "").strip();
        }
    }

    static List<String> split(String addresses) {
        return Arrays.stream(addresses.split(";"))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .distinct()
                .toList();
    }
}
