package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whose controllers a cluster runs. The scenarios are the same for all; Apache's show that the harness tells the truth. */
public enum ControllerKind {
    OURS {
        @Override
        Map<String, String> configuration(ControllerNode node, List<ControllerNode> all) {
            Map<String, String> keys = new TreeMap<>(dledgerKeys(node, all));
            keys.put("httpListenPort", Integer.toString(node.httpPort()));
            // Dozens of controllers start on one machine: a reserve should not cost more than all that they write.
            keys.put("diskReserveMegabytes", "1");
            return keys;
        }

        @Override
        List<String> command(String version, Path configuration, Path home, String jvmOptions) {
            return List.of(Checkout.launcher().toString(), "-c", configuration.toString());
        }

        @Override
        Map<String, String> environment(String jvmOptions) {
            return Map.of("JAVA_OPTS", jvmOptions);
        }
    },
    /** Ours, each in the process of a name server of Apache's. */
    OURS_IN_NAME_SERVER {
        @Override
        Map<String, String> configuration(ControllerNode node, List<ControllerNode> all) {
            Map<String, String> keys = new TreeMap<>(OURS.configuration(node, all));
            keys.put("enableControllerInNamesrv", "true");
            keys.put("listenPort", Integer.toString(node.nameServerPort()));
            return keys;
        }

        @Override
        List<String> command(String version, Path configuration, Path home, String jvmOptions) {
            return List.of(Checkout.nameServerLauncher().toString(), "-c", configuration.toString());
        }

        @Override
        Map<String, String> environment(String jvmOptions) {
            return OURS.environment(jvmOptions);
        }
    },
    APACHE_DLEDGER {
        @Override
        Map<String, String> configuration(ControllerNode node, List<ControllerNode> all) {
            return dledgerKeys(node, all);
        }

        @Override
        List<String> command(String version, Path configuration, Path home, String jvmOptions) {
            return apacheCommand(version, configuration, home, jvmOptions);
        }
    },
    APACHE_JRAFT {
        @Override
        Map<String, String> configuration(ControllerNode node, List<ControllerNode> all) {
            Map<String, String> keys = new TreeMap<>();
            keys.put("controllerType", "jRaft");
            keys.put("controllerStorePath", node.storePath().toString());
            keys.put("jRaftGroupId", "it");
            keys.put("jRaftServerId", node.host().at(node.raftPort()));
            keys.put("jRaftInitConf", joined(all, ",", n -> n.host().at(n.raftPort())));
            keys.put("jRaftControllerRPCAddr", joined(all, ",", ControllerNode::address));
            return keys;
        }

        @Override
        List<String> command(String version, Path configuration, Path home, String jvmOptions) {
            return apacheCommand(version, configuration, home, jvmOptions);
        }
    };

    /** The kind named by system property {@code it.controller}; ours without it. */
    public static ControllerKind underTest() {
        return valueOf(System.getProperty("it.controller", OURS.name()));
    }

    abstract Map<String, String> configuration(ControllerNode node, List<ControllerNode> all);

    /**
     * How one is started.
     *
     * @param version of Apache's controllers; ours have one only
     */
    abstract List<String> command(String version, Path configuration, Path home, String jvmOptions);

    Map<String, String> environment(String jvmOptions) {
        return Map.of();
    }

    /** Whether they are of this project. */
    public boolean isOurs() {
        return this == OURS || this == OURS_IN_NAME_SERVER;
    }

    private static Map<String, String> dledgerKeys(ControllerNode node, List<ControllerNode> all) {
        return Map.of(
                "controllerDLegerGroup", "it",
                "controllerDLegerPeers", joined(all, ";", n -> n.id() + "-" + n.address()),
                "controllerDLegerSelfId", node.id(),
                "controllerStorePath", node.storePath().toString());
    }

    private static List<String> apacheCommand(String version, Path configuration, Path home, String jvmOptions) {
        return ApacheCommand.of(
                version, home, jvmOptions, "controller.ControllerStartup", "-c", configuration.toString());
    }

    private static String joined(
            List<ControllerNode> all, String separator, java.util.function.Function<ControllerNode, String> part) {
        return String.join(separator, all.stream().map(part).toList());
    }
}
