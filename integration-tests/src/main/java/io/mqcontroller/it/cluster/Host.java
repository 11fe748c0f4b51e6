package io.mqcontroller.it.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Where processes run: this machine, or something that stands for a machine of its own.
 *
 * @param address at which the others reach it
 * @param entry command that runs the command behind it there, as the same process; empty for the place where the test
 *     itself runs
 */
public record Host(String name, String address, List<String> entry) {
    /** This machine, alone with itself. */
    public static final Host LOCAL = new Host("local", "127.0.0.1", List.of());

    public Host {
        entry = List.copyOf(entry);
    }

    /** What to start so that this command runs here. */
    public List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(entry);
        all.addAll(command);
        return all;
    }

    /** {@code address:port}. */
    public String at(int port) {
        return address + ":" + port;
    }
}
