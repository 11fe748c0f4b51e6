package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.DrainReply;
import io.mqcontroller.proto.controller.DrainRequest;
import io.mqcontroller.proto.controller.DrainedReplica;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mqctl drain} and {@code mqctl undrain}. */
final class DrainCommand {
    private DrainCommand() {}

    /** Which replicas are meant. */
    static final class Whom {
        @Option(
                names = "--machine",
                paramLabel = "HOST",
                description = "All replicas whose address has this host, as \"group describe\" shows it.")
        private String machine = "";

        @Option(names = "--group", paramLabel = "GROUP", description = "With --id: one replica of this group.")
        private String group = "";

        @Option(names = "--id", paramLabel = "ID", description = "With --group.")
        private long id;

        private void assertClear() throws CallException {
            if (machine.isEmpty() == group.isEmpty() || group.isEmpty() != (id == 0)) {
                throw new CallException(ExitCode.USAGE, "give --machine HOST, or --group GROUP and --id ID");
            }
        }

        /** The groups in which somebody is meant. */
        List<GroupDetails> groups(Controllers controllers) throws CallException {
            assertClear();
            List<GroupDetails> all =
                    group.isEmpty() ? Groups.all(controllers, "") : List.of(Groups.named(controllers, group));
            List<GroupDetails> meant = all.stream()
                    .filter(one -> one.getReplicasList().stream().anyMatch(this::means))
                    .toList();
            if (meant.isEmpty()) {
                throw new CallException(
                        ExitCode.PRECONDITION,
                        "no replica that is registered is "
                                + (group.isEmpty() ? "on the machine " + machine : id + " of " + group));
            }
            return meant;
        }

        boolean means(ReplicaDetails replica) {
            return group.isEmpty()
                    ? GroupReports.machineOf(replica).equalsIgnoreCase(machine)
                    : replica.getBrokerId() == id;
        }

        DrainRequest request(Controllers controllers, boolean drained) throws CallException {
            assertClear();
            DrainRequest.Builder request = DrainRequest.newBuilder().setDrained(drained);
            return machine.isEmpty()
                    ? request.setGroup(Groups.named(controllers, group).getGroup())
                            .setBrokerId(id)
                            .build()
                    : request.setMachine(machine).build();
        }
    }

    private static DrainReply ask(Controllers controllers, DrainRequest request) throws CallException {
        // Asking again changes nothing, so an answer that is lost is no trouble.
        return controllers
                .askLeader(false, () -> ClientFrame.newBuilder().setDrain(request))
                .getDrain();
    }

    private static String name(DrainedReplica replica) {
        return "broker " + replica.getBrokerId() + " of " + Groups.name(replica.getGroup());
    }

    private static List<DrainedReplica> masters(DrainReply reply) {
        return reply.getReplicasList().stream()
                .filter(DrainedReplica::getMaster)
                .toList();
    }

    private static Report report(String kind, String verb, DrainReply reply) {
        Report report = new Report(kind)
                .field(
                        "replicas",
                        reply.getReplicasList().stream().map(DrainCommand::name).toList())
                .field(
                        "masters",
                        masters(reply).stream().map(DrainCommand::name).toList());
        reply.getReplicasList().forEach(replica -> report.line(verb + ": " + name(replica)));
        return report;
    }

    @Command(
            name = "drain",
            description = {
                "Lets a replica, or all of a machine, be master only where nobody else can be.",
                "Their masters are switched over, one after the other, without any loss; that goes on without this command."
            })
    static final class Begin implements Callable<Integer> {
        private final Session session;

        @Mixin
        private final Whom whom = new Whom();

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                arity = "0..1",
                fallbackValue = "5m",
                converter = Session.TimeConverter.class,
                description = "Wait until none of them is master any more, so long at most. Without TIME: 5m.")
        private Duration atMost = Duration.ZERO;

        @Option(names = "--dry-run", description = "Only say which masters would move, and what is in the way now.")
        private boolean dryRun;

        Begin(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session.controllers();
            if (dryRun) {
                return foresee(controllers);
            }
            DrainRequest request = whom.request(controllers, true);
            DrainReply reply = ask(controllers, request);
            if (!atMost.isZero()) {
                session.waiting()
                        .until(
                                Waiting.patiently(() -> left(ask(controllers, request))),
                                atMost,
                                "they stay drained, and the controllers go on with it; \"mqctl undrain\" ends that");
                reply = ask(controllers, request);
            }
            Report report = report("Drain", "drained", reply);
            masters(reply)
                    .forEach(master -> report.line(name(master) + " is still master"
                            + (master.getHindrance().isEmpty() ? "" : ": " + master.getHindrance())));
            session.print(report);
            return ExitCode.OK.number();
        }

        private int foresee(Controllers controllers) throws CallException {
            DrainForecast forecast = new DrainForecast(whom.groups(controllers), whom::means);
            session.print(forecast.report());
            return (forecast.isPossible() ? ExitCode.OK : ExitCode.PRECONDITION).number();
        }

        private static Optional<String> left(DrainReply reply) {
            List<DrainedReplica> masters = masters(reply);
            return masters.isEmpty()
                    ? Optional.empty()
                    : Optional.of("still master: "
                            + masters.stream()
                                    .map(master -> name(master)
                                            + (master.getHindrance().isEmpty()
                                                    ? ""
                                                    : " (" + master.getHindrance() + ")"))
                                    .collect(Collectors.joining(", ")));
        }
    }

    @Command(name = "undrain", description = "Lets them be master again like all others; nothing is switched back.")
    static final class End implements Callable<Integer> {
        private final Session session;

        @Mixin
        private final Whom whom = new Whom();

        End(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session.controllers();
            session.print(report("Undrain", "undrained", ask(controllers, whom.request(controllers, false))));
            return ExitCode.OK.number();
        }
    }
}
