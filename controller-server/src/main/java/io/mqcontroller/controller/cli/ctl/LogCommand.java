package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.LogLevelRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What controllers write into their logs. */
@Command(name = "log", description = "Has controllers log more or less.")
final class LogCommand extends Noun {
    private LogCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new LogCommand()).addSubcommand(new Level(session));
    }

    @Command(
            name = "level",
            description = "Shows the level of a logger on all controllers, or sets it until their next start.")
    static final class Level implements Callable<Integer> {
        private final Session session;

        @Parameters(
                paramLabel = "LEVEL",
                arity = "0..1",
                description = "trace, debug, info, warn, error or off. Without it: only show.")
        private String level = "";

        @Option(
                names = "--logger",
                paramLabel = "NAME",
                description = "For instance io.mqcontroller.controller. Default: the one above all.")
        private String logger = "";

        Level(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session.controllers();
            List<Endpoint> everybody = controllers.discover();
            Table table = new Table("ADDRESS", "LEVEL");
            List<Object> fields = new ArrayList<>();
            ExitCode worst = ExitCode.OK;
            for (Answer answer : controllers.askEach(everybody, () -> ClientFrame.newBuilder()
                    .setOperator(OperatorRequest.newBuilder()
                            .setLogLevel(LogLevelRequest.newBuilder()
                                    .setLogger(logger)
                                    .setLevel(level))))) {
                String now = null;
                if (answer.isThere()) {
                    now = Controllers.checked(answer.frame(), answer.endpoint())
                            .getOperator()
                            .getLogLevel()
                            .getLevel();
                } else {
                    worst = ExitCode.UNAVAILABLE;
                }
                table.row(answer.endpoint(), now == null ? "no answer: " + answer.failure() : now);
                fields.add(Report.object("address", answer.endpoint().toString(), "level", now));
            }
            session.print(new Report("LogLevel")
                    .field("logger", logger)
                    .field("controllers", fields)
                    .table(table));
            return worst.number();
        }
    }
}
