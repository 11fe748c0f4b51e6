package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.MasterBalance.Broker;
import io.mqcontroller.controller.cli.ctl.MasterBalance.Move;
import io.mqcontroller.controller.cli.ctl.MasterBalance.Place;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mqctl balance}. */
@Command(
        name = "balance",
        description = {
            "Spreads masters over zones and machines, by planned switch-overs, one after the other. Nothing is lost.",
            "Only brokers with an agent take part. Ctrl-C ends it after the switch-over that is under way."
        })
final class BalanceCommand implements Callable<Integer> {
    /** For one switch-over, the pauses of {@link Waiting} included. */
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final Session session;

    @Option(
            names = "--cluster",
            paramLabel = "CLUSTER",
            description = "Only groups of this cluster of brokers. Default: all groups.")
    private String cluster = "";

    @Option(names = "--dry-run", description = "Only say which masters would move.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Needed without --dry-run.")
    private boolean yes;

    BalanceCommand(Session session) {
        this.session = session;
    }

    /** @param failure empty: it was made, or would be */
    private record Made(Move move, String failure) {}

    @Override
    public Integer call() throws CallException {
        if (!yes && !dryRun) {
            throw new CallException(
                    ExitCode.USAGE,
                    "masters would move, which pauses writes for a moment each: --yes, or look by --dry-run");
        }
        List<GroupDetails> groups = Groups.all(session.controllers(), cluster);
        MasterBalance balance = new MasterBalance(groups);
        SortedMap<Place, Integer> before = balance.masters();
        List<Move> plan = balance.plan();
        List<Made> made = new ArrayList<>();
        if (dryRun) {
            plan.forEach(move -> made.add(new Made(move, "")));
        } else {
            carryOut(plan, made);
        }
        made.stream().filter(one -> one.failure().isEmpty()).forEach(one -> balance.apply(one.move()));
        session.print(report(before, balance.masters(), made, drained(groups)));
        return made.stream().allMatch(one -> one.failure().isEmpty()) ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }

    private void carryOut(List<Move> plan, List<Made> made) throws CallException {
        Controllers controllers = session.controllers(AT_MOST);
        Iterator<Move> moves = plan.iterator();
        session.waiting()
                .until(
                        () -> {
                            if (!moves.hasNext()) {
                                return Optional.empty();
                            }
                            Move move = moves.next();
                            made.add(new Made(move, switchOver(controllers, move)));
                            return Optional.of(made.size() + " of " + plan.size() + " masters");
                        },
                        AT_MOST.multipliedBy(plan.size() + 1),
                        "what was moved stays so, and \"mqctl balance\" again goes on");
    }

    /** Empty, or why it was not done; what is in the way of one group is not in the way of others. */
    private static String switchOver(Controllers controllers, Move move) throws CallException {
        try {
            controllers.askLeader(true, () -> ClientFrame.newBuilder()
                    .setSwitchOver(SwitchOverRequest.newBuilder()
                            .setGroup(move.group())
                            .setTo(move.to().id())));
            return "";
        } catch (CallException e) {
            if (e.exitCode() == ExitCode.UNAVAILABLE) {
                throw e;
            }
            return e.getMessage();
        }
    }

    private static long drained(List<GroupDetails> groups) {
        return groups.stream()
                .flatMap(group -> group.getReplicasList().stream())
                .filter(ReplicaDetails::getDrained)
                .count();
    }

    private Report report(
            SortedMap<Place, Integer> before, SortedMap<Place, Integer> after, List<Made> made, long drained) {
        Report report = new Report(dryRun ? "BalanceForeseen" : "Balance");
        Table table = new Table("ZONE", "MACHINE", "MASTERS", dryRun ? "WOULD BE" : "NOW");
        List<Object> machines = new ArrayList<>();
        after.forEach((place, count) -> {
            table.row(place.zone().isEmpty() ? "-" : place.zone(), place.machine(), before.get(place), count);
            machines.add(Report.object(
                    "zone",
                    place.zone().isEmpty() ? null : place.zone(),
                    "machine",
                    place.machine(),
                    "mastersBefore",
                    before.get(place),
                    "masters",
                    count));
        });
        report.field("machines", machines)
                .field("moves", made.stream().map(BalanceCommand::fields).toList());
        made.forEach(one -> report.line(line(one)));
        if (made.isEmpty()) {
            report.line("nothing to move: no switch-over would spread masters better");
        }
        if (drained > 0) {
            report.line("left out: " + drained + " drained replicas; \"mqctl undrain\" ends that");
        }
        return report.field("drainedReplicas", drained).table(table);
    }

    private String line(Made one) {
        Broker from = one.move().from();
        Broker to = one.move().to();
        String what = Groups.name(one.move().group()) + ": broker " + from.id() + " on "
                + from.place().machine() + " -> broker " + to.id() + " on "
                + to.place().machine();
        return one.failure().isEmpty()
                ? (dryRun ? "would move " : "moved ") + what
                : "not moved " + what + ": " + one.failure();
    }

    private static Map<String, Object> fields(Made one) {
        return Report.object(
                "group",
                Groups.name(one.move().group()),
                "from",
                one.move().from().id(),
                "to",
                one.move().to().id(),
                "failure",
                one.failure().isEmpty() ? null : one.failure());
    }
}
