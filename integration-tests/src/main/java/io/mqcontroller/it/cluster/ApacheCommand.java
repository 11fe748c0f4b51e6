package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Apache's programs. */
final class ApacheCommand {
    private ApacheCommand() {}

    /**
     * A program of one release with a home of its own, where its logs go.
     *
     * @param mainClass below {@code org.apache.rocketmq}
     */
    static List<String> of(String version, Path home, String jvmOptions, String mainClass, String... arguments) {
        if (version.startsWith("4.")) {
            layOutLogging(home);
        }
        return command(home, jvmOptions, Checkout.rocketMq(version), "org.apache.rocketmq." + mainClass, arguments);
    }

    /** The client driver with one release of Apache's client, as a program of Apache's that is started by {@link #of}. */
    static List<String> driver(String version, Path home, String jvmOptions, String... arguments) {
        return command(
                home, jvmOptions, Checkout.clientDriver(version), "io.mqcontroller.it.driver.ClientDriver", arguments);
    }

    private static List<String> command(
            Path home, String jvmOptions, String classPath, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Checkout.java()));
        command.addAll(jvmOptions(home, jvmOptions));
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Options of the JVM with which a program stays within its home. */
    static List<String> jvmOptions(Path home, String more) {
        List<String> options = new ArrayList<>(List.of(more.split(" ")));
        // A broker of 5.1 that starts after a crash unmaps its index files by hand.
        options.add("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        options.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        options.add("-Duser.home=" + home);
        options.add("-Drocketmq.home.dir=" + home);
        // RocksDB unpacks 15 MB there, which stay behind when the process is killed.
        options.add("-Djava.io.tmpdir=" + home);
        options.add("-Drmq.logback.configurationFile=" + logging(home));
        return options;
    }

    /** The file the program logs to. */
    static Path log(Path home) {
        return home.resolve("rocketmq.log");
    }

    /** One file for everything, in place of Apache's twenty appenders, which cost a second at each start. */
    private static Path logging(Path home) {
        return write(home.resolve("logback.xml"), home, "org.apache.rocketmq.logging.ch.qos.logback.");
    }

    /** Programs of version 4 look for these files and end without them. */
    private static void layOutLogging(Path home) {
        for (String program : List.of("broker", "namesrv")) {
            write(home.resolve("conf/logback_" + program + ".xml"), home, "ch.qos.logback.");
        }
    }

    private static Path write(Path file, Path home, String prefix) {
        String configuration =
                """
                <configuration>
                  <appender name="file" class="%score.FileAppender">
                    <file>%s</file>
                    <encoder class="%sclassic.encoder.PatternLayoutEncoder">
                      <pattern>%%d{HH:mm:ss.SSS} %%-5level %%thread - %%msg%%n</pattern>
                    </encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="file"/></root>
                </configuration>
                """
                        .formatted(prefix, log(home), prefix);
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
