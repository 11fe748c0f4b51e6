package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.Map;

/** Apache's name server. */
public final class NameServer implements AutoCloseable {
    private final Host host;
    private final int port = Ports.free();
    private final ManagedProcess process;

    public NameServer(String version, Host host, Path folder) {
        this.host = host;
        Path configuration =
                Folders.writeProperties(folder.resolve("namesrv.conf"), Map.of("listenPort", Integer.toString(port)));
        process = ManagedProcess.start(
                "namesrv",
                folder,
                host.command(ApacheCommand.of(
                        version,
                        folder.resolve("home-namesrv"),
                        "-Xms64m -Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                        "namesrv.NamesrvStartup",
                        "-c",
                        configuration.toString())),
                Map.of());
    }

    public String address() {
        return host.at(port);
    }

    public ManagedProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
