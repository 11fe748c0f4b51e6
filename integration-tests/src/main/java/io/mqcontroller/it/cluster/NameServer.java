package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Apache's name server: a process of its own, or those in the processes of controllers. */
public final class NameServer implements AutoCloseable {
    private final String address;
    private final Optional<ManagedProcess> process;

    /** Those in the processes of controllers. */
    public NameServer(ControllerCluster controllers) {
        address = controllers.nameServers();
        process = Optional.empty();
    }

    public NameServer(String version, Host host, Path folder) {
        int port = Ports.free();
        address = host.at(port);
        Path configuration =
                Folders.writeProperties(folder.resolve("namesrv.conf"), Map.of("listenPort", Integer.toString(port)));
        process = Optional.of(ManagedProcess.start(
                "namesrv",
                folder,
                host.command(ApacheCommand.of(
                        version,
                        folder.resolve("home-namesrv"),
                        "-Xms64m -Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                        "namesrv.NamesrvStartup",
                        "-c",
                        configuration.toString())),
                Map.of()));
    }

    /** For clients and brokers: {@code host:port}, several parted by semicolons. */
    public String address() {
        return address;
    }

    @Override
    public void close() {
        process.ifPresent(ManagedProcess::close);
    }
}
