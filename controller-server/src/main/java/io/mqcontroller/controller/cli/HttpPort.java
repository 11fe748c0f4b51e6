package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.controller.http.HealthPage;
import io.mqcontroller.controller.http.HttpServer;
import io.mqcontroller.controller.http.HttpSite;
import io.mqcontroller.controller.http.console.Console;
import io.mqcontroller.controller.http.console.ConsoleSources;
import io.mqcontroller.controller.http.console.PasswordHash;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.rpc.agent.ControllerMembership;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The port on which metrics, checks and the console are served, if it is wanted. */
final class HttpPort implements AutoCloseable {
    private final HttpServer server;
    private final Optional<Console> console;

    private HttpPort(HttpServer server, Optional<Console> console) {
        this.server = server;
        this.console = console;
    }

    /**
     * Opens it.
     *
     * @param alive the checks of {@code /livez}
     * @param ready those of {@code /readyz}
     * @return empty if none is configured
     * @throws IOException if it can't be listened on, or the console's password can't be read
     */
    static Optional<HttpPort> open(ServedParts parts, List<HealthCheck> alive, List<HealthCheck> ready)
            throws IOException {
        ControllerConfig.Http config = parts.config().http();
        if (config.port() == 0) {
            return Optional.empty();
        }
        HealthPage whetherReady = new HealthPage(ready);
        HttpSite pages = HttpSite.of(Map.of(
                "/metrics",
                parts.metrics().page(),
                "/livez",
                new HealthPage(alive),
                "/readyz",
                whetherReady,
                "/healthz",
                whetherReady));
        Optional<Console> console = config.console() ? Optional.of(console(parts, ready)) : Optional.empty();
        HttpSite site = console.map(Console::site).map(pages::with).orElse(pages);
        try {
            return Optional.of(
                    new HttpPort(HttpServer.start(config.host(), config.port(), parts.loops(), site), console));
        } catch (IOException e) {
            console.ifPresent(Console::close);
            throw e;
        }
    }

    private static Console console(ServedParts parts, List<HealthCheck> checks) throws IOException {
        ControllerConfig config = parts.config();
        Optional<PasswordHash> password = Optional.empty();
        if (config.http().consolePassword().isPresent()) {
            password = Optional.of(
                    PasswordHash.read(config.http().consolePassword().get()));
        }
        ControllerMembers members = parts.members();
        return Console.start(
                new ConsoleSources(
                        config.cluster(),
                        parts.version(),
                        parts.status(),
                        members::addresses,
                        new LeaderPage(
                                config.self(),
                                members::leader,
                                members::addresses,
                                parts.version(),
                                parts.blockingCalls()),
                        parts.loop()::view,
                        parts.loop()::survey,
                        parts.loop().history(),
                        checks,
                        parts.loop().service(),
                        () -> parts.node().without(ControllerMembership.KNOWS_DRAIN),
                        parts.actions()),
                password);
    }

    /** The console last: who asks it when it is closed gets no answer. */
    @Override
    public void close() {
        server.close();
        console.ifPresent(Console::close);
    }
}
