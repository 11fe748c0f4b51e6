package io.mqcontroller.controller.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how far a service of {@code Type=notify} is, by its own {@code systemd-notify}: the JDK has no datagrams over
 * Unix sockets (sd_notify(3)). Without {@code NOTIFY_SOCKET} in the environment nobody wants to know.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final long TIMEOUT_S = 5;

    private final boolean listens;
    private final List<String> command;

    /**
     * @param environment of this process
     * @param command that takes the options of {@code systemd-notify}
     */
    ServiceManager(Map<String, String> environment, List<String> command) {
        listens = environment.containsKey("NOTIFY_SOCKET");
        this.command = List.copyOf(command);
    }

    static ServiceManager ofThisProcess() {
        return new ServiceManager(System.getenv(), List.of("systemd-notify"));
    }

    /** This controller listens, and takes part. */
    void ready() {
        tell("--ready");
    }

    /** It was asked to end, and does. */
    void stopping() {
        tell("STOPPING=1");
    }

    private void tell(String what) {
        if (!listens) {
            return;
        }
        List<String> line = new ArrayList<>(command);
        line.add("--pid=" + ProcessHandle.current().pid());
        line.add(what);
        try {
            Process process = new ProcessBuilder(line).inheritIO().start();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.warn("event=service_manager_not_told what={} cause=\"no answer within {} s\"", what, TIMEOUT_S);
            } else if (process.exitValue() != 0) {
                LOG.warn("event=service_manager_not_told what={} exit_code={}", what, process.exitValue());
            }
        } catch (IOException e) {
            LOG.warn("event=service_manager_not_told what={} cause=\"{}\"", what, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
