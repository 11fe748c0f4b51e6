package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a broker's process is. The store, the configuration and the ports are the same, so a broker can change its kind. */
public enum BrokerKind {
    /** As Apache released it. */
    UNMODIFIED {
        @Override
        List<String> command(String version, Path home, String jvmOptions, Path configuration) {
            return ApacheCommand.of(version, home, jvmOptions, "broker.BrokerStartup", "-c", configuration.toString());
        }

        @Override
        Map<String, String> environment(String version, Path home, String jvmOptions) {
            return Map.of();
        }
    },
    /** The same jars, started by our launcher with the agent beside them. */
    WITH_AGENT {
        @Override
        List<String> command(String version, Path home, String jvmOptions, Path configuration) {
            return List.of(Checkout.brokerLauncher().toString(), "-c", configuration.toString());
        }

        @Override
        Map<String, String> environment(String version, Path home, String jvmOptions) {
            return Map.of(
                    "ROCKETMQ_HOME", home.toString(),
                    "ROCKETMQ_VERSION", version,
                    "JAVA_HOME", System.getProperty("java.home"),
                    "JAVA_OPTS", String.join(" ", ApacheCommand.jvmOptions(home, jvmOptions)));
        }
    };

    abstract List<String> command(String version, Path home, String jvmOptions, Path configuration);

    abstract Map<String, String> environment(String version, Path home, String jvmOptions);
}
