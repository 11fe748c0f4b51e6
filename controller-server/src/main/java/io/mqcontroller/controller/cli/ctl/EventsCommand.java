package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What has happened. */
@Command(
        name = "events",
        description = {
            "Shows the history of elections, of changes of sets, and of what operators did, with cause and duration.",
            "Each controller remembers what it has seen since it started; this puts together what all of them know."
        })
final class EventsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "GROUP", arity = "0..1", description = "Only of this group.")
    private String group = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the newest ones. Default: 50.")
    private int limit = 50;

    @Option(names = "--inputs", description = "Also what was known of each replica when an election was decided.")
    private boolean inputs;

    EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        if (limit < 1) {
            throw new CallException(ExitCode.USAGE, "--limit is 1 or more");
        }
        session.print(EventReports.list(
                Events.ask(session.controllers(), Events.of(group, limit)), inputs, ZoneId.systemDefault()));
        return ExitCode.OK.number();
    }
}
