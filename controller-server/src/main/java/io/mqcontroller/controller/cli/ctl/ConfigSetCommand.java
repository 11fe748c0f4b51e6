package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ConfigChangeRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One of the few keys that may change while controllers run. */
@Command(
        name = "set",
        description = {
            "Changes a key on all controllers, or on those that are named, while they run. It holds after a restart, too.",
            "Nothing is changed anywhere unless all of them would take it. Exit code 1: some did not, and the table says which;"
                    + " asking again is harmless."
        })
final class ConfigSetCommand implements Callable<Integer> {
    /** What is not to happen by a slip of the hand. */
    private static final Map<String, String> COSTLY = Map.of(
            "enableElectUncleanMaster=true",
            "acknowledged messages may be lost when a replica that lacks them becomes master");

    private final Session session;

    @Parameters(index = "0", paramLabel = "KEY", description = "As in the configuration file.")
    private String key;

    @Parameters(index = "1", paramLabel = "VALUE", description = "Its value from now on.")
    private String value;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "HOST:PORT,...",
            description = "On these controllers. Default: on all, and all must answer.")
    private List<String> only = List.of();

    @Option(names = "--dry-run", description = "Only say whether it is possible, and what is in force.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do it although it may cost something.")
    private boolean yes;

    ConfigSetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        String cost = COSTLY.get(key + "=" + value);
        if (cost != null && !yes && !dryRun) {
            throw new CallException(ExitCode.USAGE, cost + ": give --yes if that is meant");
        }
        Controllers controllers = session.controllers();
        List<Endpoint> whom = only.isEmpty() ? controllers.discover() : endpoints();
        List<Answer> answers = ask(controllers, whom, true);
        for (Answer answer : answers) {
            assertWouldTakeIt(answer);
        }
        if (!dryRun) {
            answers = ask(controllers, whom, false);
        }
        return show(answers);
    }

    private List<Endpoint> endpoints() throws CallException {
        return Endpoint.parseAll(String.join(",", only));
    }

    private List<Answer> ask(Controllers controllers, List<Endpoint> whom, boolean tryOnly) {
        return controllers.askEach(whom, () -> ClientFrame.newBuilder()
                .setOperator(OperatorRequest.newBuilder()
                        .setConfigChange(ConfigChangeRequest.newBuilder()
                                .setKey(key)
                                .setValue(value)
                                .setDryRun(tryOnly))));
    }

    private static void assertWouldTakeIt(Answer answer) throws CallException {
        if (!answer.isThere()) {
            throw new CallException(
                    ExitCode.UNAVAILABLE,
                    answer.endpoint() + " does not answer (" + answer.failure()
                            + "); nothing was changed. To leave it out, name the others with --only");
        }
        Controllers.checked(answer.frame(), answer.endpoint());
    }

    private int show(List<Answer> answers) {
        Table table = new Table("ADDRESS", "BEFORE", "NOW");
        List<Object> fields = new ArrayList<>();
        boolean all = true;
        for (Answer answer : answers) {
            boolean done = answer.isThere() && answer.frame().getStatus().getCode() == StatusCode.OK;
            all &= done;
            String before =
                    done ? answer.frame().getOperator().getConfigChange().getValueBefore() : null;
            String failure = answer.isThere() ? answer.frame().getStatus().getMessage() : answer.failure();
            table.row(answer.endpoint(), done ? before : "?", done ? dryRun ? before : value : failure);
            fields.add(Report.object(
                    "address",
                    answer.endpoint().toString(),
                    "before",
                    before,
                    "changed",
                    done && !dryRun && !value.equals(before)));
        }
        Report report = new Report("ConfigChange")
                .field("key", key)
                .field("value", value)
                .field("dryRun", dryRun)
                .field("controllers", fields)
                .table(table);
        session.print(dryRun ? report.line("possible on all of them") : report);
        return (all ? ExitCode.OK : ExitCode.FAILED).number();
    }
}
