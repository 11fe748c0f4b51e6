package io.mqcontroller.it.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the things a test starts lie in the checkout. */
public final class Checkout {
    private Checkout() {}

    /** Top folder of the checkout: system property {@code it.root}, else the nearest parent with both bin and pom.xml. */
    public static Path root() {
        String given = System.getProperty("it.root");
        if (given != null) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !(Files.exists(folder.resolve("pom.xml")) && Files.exists(folder.resolve("raft")))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside the checkout: run from it, or give -Dit.root=FOLDER");
        }
        return folder;
    }

    /** Class path of one Apache release, as the build laid it out. */
    public static String rocketMq(String version) {
        return rocketMqJars(version) + "/*";
    }

    /** Folder with the jars of one Apache release, as the build laid it out. */
    public static Path rocketMqJars(String version) {
        return existing(root().resolve("integration-tests/rocketmq/" + version + "/target/lib"));
    }

    /** Class path of the client driver, with the client of one Apache release. */
    static String clientDriver(String version) {
        return existing(root().resolve("integration-tests/rocketmq/client-driver/target/classes")) + ":"
                + rocketMq(version);
    }

    /** The launcher of our daemon. */
    public static Path launcher() {
        return existing(root().resolve("bin/mqcontroller"));
    }

    /** The launcher of the operator's command. */
    public static Path operatorLauncher() {
        return existing(root().resolve("bin/mqctl"));
    }

    /** The launcher of a name server, with or without a controller in it. */
    public static Path nameServerLauncher() {
        return existing(root().resolve("bin/mqnamesrv"));
    }

    /** The launcher of a broker with the agent. */
    public static Path brokerLauncher() {
        return existing(root().resolve("bin/mqbroker"));
    }

    /** The {@code java} this JVM itself runs on. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path existing(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is missing: run 'mvn -q -DskipTests package' first");
        }
        return path;
    }
}
