package io.mqcontroller.it.driver;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.tools.command.MQAdminStartup;

/** {@code admin}: {@code mqadmin} with the arguments of each line of the input, between tabs; {@code END} after each. */
final class AdminCommand {
    private AdminCommand() {}

    static void run() throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            MQAdminStartup.main(line.split("\t"));
            System.err.flush();
            ClientDriver.report("\nEND");
        }
    }
}
