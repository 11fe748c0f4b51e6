package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.GroupDetails;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What happens. */
@Command(
        name = "watch",
        description = {
            "Shows controllers, groups that are not ok, and the last events, anew each second, until Ctrl-C.",
            "Written to a file or a pipe, or with -o json: each event as it comes, and nothing else."
        })
final class WatchCommand implements Callable<Integer> {
    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final int SHOWN_EVENTS = 12;
    private static final int SHOWN_GROUPS = 15;
    private static final int ASKED_EVENTS = 200;

    private final Session session;
    private final Set<String> told = new HashSet<>();
    private boolean silent;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = Session.TimeConverter.class,
            description = "How often to look. Default: 1s.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--count", paramLabel = "N", description = "Look so often, then end. Default: until Ctrl-C.")
    private int count;

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        Controllers controllers = session.controllers();
        if (!session.isLive()) {
            // What has been before this is no news.
            news(controllers);
        }
        for (int i = 0; count == 0 || i < count; i++) {
            if (session.isLive()) {
                show(controllers);
            } else {
                tell(controllers);
            }
            if (session.isOutputGone() || !pause()) {
                break;
            }
        }
        return ExitCode.OK.number();
    }

    private boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(interval.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Goes on when nobody answers for a while: who follows what happens wants to know of the end of that, too. */
    private void tell(Controllers controllers) {
        try {
            news(controllers).forEach(event -> session.print(EventReports.line(event, ZoneId.systemDefault())));
            silent = false;
        } catch (CallException nobody) {
            if (!silent) {
                session.err().println("mqctl: " + nobody.getMessage());
            }
            silent = true;
        }
    }

    /** Events that were not told before. */
    private List<Event> news(Controllers controllers) throws CallException {
        List<Event> fresh = new ArrayList<>();
        Set<String> current = new HashSet<>();
        for (Event event : Events.ask(controllers, Events.of("", ASKED_EVENTS))) {
            current.add(Events.identityOf(event));
            if (told.add(Events.identityOf(event))) {
                fresh.add(event);
            }
        }
        // What nobody tells any more need not be remembered.
        told.retainAll(current);
        return fresh;
    }

    private void show(Controllers controllers) throws CallException {
        // Everything is asked before the screen is cleared, so that it does not flicker.
        List<Report> parts = new ArrayList<>();
        parts.add(StatusCommand.report(ClusterStatus.ask(controllers)));
        try {
            parts.add(groups(Groups.all(controllers, "")));
        } catch (CallException noLeader) {
            parts.add(new Report("Groups").line(noLeader.getMessage(), Tone.BAD));
        }
        try {
            parts.add(EventReports.list(
                    Events.ask(controllers, Events.of("", SHOWN_EVENTS)), false, ZoneId.systemDefault()));
        } catch (CallException nobody) {
            parts.add(new Report("Events").line(nobody.getMessage(), Tone.BAD));
        }
        session.printRaw(CLEAR);
        for (Report part : parts) {
            session.print(part);
            session.printRaw("\n");
        }
    }

    private static Report groups(List<GroupDetails> groups) {
        List<GroupDetails> troubled = groups.stream()
                .filter(group -> GroupReports.stateOf(group) != GroupReports.State.OK)
                .toList();
        if (troubled.isEmpty()) {
            return groups.isEmpty()
                    ? new Report("Groups").line("No group has registered yet.")
                    : new Report("Groups").line(GroupReports.allOk(groups.size()), Tone.GOOD);
        }
        Report report = GroupReports.list(troubled.subList(0, Math.min(SHOWN_GROUPS, troubled.size())));
        return report.line(troubled.size() + " of " + groups.size() + " groups are not ok.", Tone.WARNING);
    }
}
