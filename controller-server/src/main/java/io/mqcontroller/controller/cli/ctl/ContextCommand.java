package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Names for clusters. */
@Command(
        name = "context",
        description = "Keeps names for clusters, so that their endpoints need not be given each time.")
final class ContextCommand extends Noun {
    private ContextCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new ContextCommand())
                .addSubcommand(new Add(session))
                .addSubcommand(new Use(session))
                .addSubcommand(new ListAll(session))
                .addSubcommand(new Remove(session));
    }

    private static int done(Session session, Contexts contexts, String what) throws CallException {
        contexts.write();
        String current = contexts.current().orElse(null);
        session.print(new Report("ContextChange")
                .field("file", session.contextsFile().toString())
                .field("current", current)
                .line(what + "; " + (current == null ? "none is current" : current + " is current")));
        return ExitCode.OK.number();
    }

    @Command(
            name = "add",
            description = "Names the cluster that --endpoints lead to. The first one becomes the current one.")
    static final class Add implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Add(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            String endpoints = session.endpointsOption();
            if (Endpoint.parseAll(endpoints).isEmpty()) {
                throw new CallException(
                        ExitCode.USAGE,
                        "of the context \"" + name + "\" the endpoints are missing: --endpoints HOST:PORT,...");
            }
            return done(session, session.contexts().with(name, endpoints), "kept: " + name);
        }
    }

    @Command(name = "use", description = "Makes this cluster the one that is meant when none is named.")
    static final class Use implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Use(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            return done(session, session.contexts().using(name), "chosen: " + name);
        }
    }

    @Command(name = "remove", description = "Forgets this name.")
    static final class Remove implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Remove(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            return done(session, session.contexts().without(name), "forgotten: " + name);
        }
    }

    @Command(name = "list", description = "Shows all names, and which one is current.")
    static final class ListAll implements Callable<Integer> {
        private final Session session;

        ListAll(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Contexts contexts = session.contexts();
            Table table = new Table("CURRENT", "NAME", "ENDPOINTS");
            List<Object> all = new ArrayList<>();
            for (Map.Entry<String, String> context : contexts.all().entrySet()) {
                boolean current =
                        contexts.current().filter(context.getKey()::equals).isPresent();
                table.row(current ? "*" : "-", context.getKey(), context.getValue());
                all.add(Report.object("name", context.getKey(), "endpoints", context.getValue(), "current", current));
            }
            session.print(new Report("Contexts")
                    .field("file", session.contextsFile().toString())
                    .field("contexts", all)
                    .table(table));
            return ExitCode.OK.number();
        }
    }
}
