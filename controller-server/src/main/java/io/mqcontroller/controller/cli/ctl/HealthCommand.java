package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** One word about the cluster, and why. */
@Command(
        name = "health",
        description = {
            "Says whether the controllers can do their work.",
            "Exit code 0: all of them are sound. 1: they decide, but something is wrong. 2: nobody decides."
        })
final class HealthCommand implements Callable<Integer> {
    private final Session session;

    HealthCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        ClusterStatus cluster = ClusterStatus.ask(session.controllers());
        List<Object> reasons = new ArrayList<>(cluster.reasons());
        Report report = new Report("Health")
                .field("health", cluster.health().name().toLowerCase(Locale.ROOT))
                .field("reasons", reasons);
        Tone tone =
                switch (cluster.health()) {
                    case OK -> Tone.GOOD;
                    case DEGRADED -> Tone.WARNING;
                    case DOWN -> Tone.BAD;
                };
        if (session.isForScripts()) {
            report.table(new Table("HEALTH").row(cluster.health().name().toLowerCase(Locale.ROOT)));
        }
        report.line(cluster.health().name().toLowerCase(Locale.ROOT), tone);
        cluster.reasons().forEach(report::line);
        session.print(report);
        return cluster.health().ordinal();
    }
}
