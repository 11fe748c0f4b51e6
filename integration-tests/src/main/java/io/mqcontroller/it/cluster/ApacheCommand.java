package io.mqcontroller.it.cluster;

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
        List<String> command = new ArrayList<>(List.of(Checkout.java()));
        command.addAll(List.of(jvmOptions.split(" ")));
        command.add("-Duser.home=" + home);
        command.add("-Drocketmq.home.dir=" + home);
        command.add("-cp");
        command.add(Checkout.rocketMq(version));
        command.add("org.apache.rocketmq." + mainClass);
        command.addAll(List.of(arguments));
        return command;
    }
}
