package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The agent's jar lies on the class path of brokers that bring their own libraries: it must meet none of them. */
class AgentJarIT {
    private static final Path JAR = Checkout.root().resolve("broker-agent/target/agent/mqcontroller-broker-agent.jar");

    @Test
    void holdsOnlyWhatIsOurs() throws IOException {
        SortedSet<String> packages = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .forEach(packages::add);
        }
        assertTrue(packages.contains("io.mqcontroller.agent.rocketmq"), packages.toString());
        assertTrue(packages.contains("io.mqcontroller.agent.protobuf"), packages.toString());
        packages.removeIf(name -> name.startsWith("io.mqcontroller.agent"));
        assertEquals(new TreeSet<>(java.util.List.of("io.mqcontroller.proto.controller")), packages);
    }
}
