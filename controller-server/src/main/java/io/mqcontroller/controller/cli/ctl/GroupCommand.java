package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.CleanGroupRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ElectMasterReply;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Broker groups. */
@Command(name = "group", description = "Shows groups of brokers, and has them do things.")
final class GroupCommand extends Noun {
    static final String GROUP = "The group; with its cluster, as cluster/group, if several have one of this name.";

    private GroupCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new GroupCommand())
                .addSubcommand(new ListAll(session))
                .addSubcommand(new Describe(session))
                .addSubcommand(new Elect(session))
                .addSubcommand(new SwitchOverCommand(session))
                .addSubcommand(new Clean(session))
                .addSubcommand(new ReplaceReplicaCommand(session));
    }

    @Command(name = "list", description = "Shows all groups: who is master, who is in sync, who is alive.")
    static final class ListAll implements Callable<Integer> {
        private final Session session;

        @Option(names = "--cluster", paramLabel = "NAME", description = "Only groups of this cluster of brokers.")
        private String cluster = "";

        @Option(names = "--troubled", description = "Only groups that are not ok.")
        private boolean troubled;

        ListAll(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            List<GroupDetails> all = Groups.all(session.controllers(), cluster);
            List<GroupDetails> shown = all.stream()
                    .filter(group -> !troubled || GroupReports.stateOf(group) != GroupReports.State.OK)
                    .toList();
            session.print(shown.isEmpty() ? none(all.size()) : GroupReports.list(shown));
            return ExitCode.OK.number();
        }
    }

    private static Report none(int all) {
        Report report = GroupReports.list(List.of());
        return all == 0
                ? report.line("No group has registered yet.", Tone.WARNING)
                : report.line(GroupReports.allOk(all), Tone.GOOD);
    }

    @Command(
            name = "describe",
            description =
                    "Shows one group with each replica: how far it is, when it was heard, why it can't be elected.")
    static final class Describe implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "GROUP", description = GROUP)
        private String name;

        Describe(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            session.print(GroupReports.describe(Groups.named(session.controllers(), name)));
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "elect",
            description = {
                "Elects a master: the best one if the group needs one, or the one that is named.",
                "If a master takes writes by its lease, this waits until the lease is over."
            })
    static final class Elect implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "GROUP", description = GROUP)
        private String name;

        @Option(names = "--to", paramLabel = "ID", description = "This replica or nobody.")
        private long target;

        @Option(names = "--dry-run", description = "Only say what would happen.")
        private boolean dryRun;

        @Option(names = "--yes", description = "Do it although a master that is alive loses its role.")
        private boolean yes;

        Elect(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session.controllers();
            GroupDetails before = Groups.named(controllers, name);
            boolean replaces = target != 0
                    && target != before.getMaster()
                    && GroupReports.masterOf(before)
                            .map(ReplicaDetails::getAlive)
                            .orElse(false);
            if (dryRun) {
                return foresee(before, replaces);
            }
            if (replaces && !yes) {
                throw new CallException(
                        ExitCode.USAGE,
                        "the master " + before.getMaster() + " of " + Groups.name(before.getGroup())
                                + " is alive; it would lose its role, and writes would pause: give --yes if that is meant");
            }
            ElectMasterReply elected = session.onInterrupt()
                    .during(
                            () -> "what was asked for goes on; \"mqctl group describe " + name
                                    + "\" shows who is master",
                            () -> controllers
                                    .askLeader(true, () -> ClientFrame.newBuilder()
                                            .setElectMaster(ElectMasterRequest.newBuilder()
                                                    .setGroup(before.getGroup())
                                                    .setBrokerId(target)
                                                    .setDesignate(target != 0)))
                                    .getElectMaster());
            session.print(report(
                    elected.getChanged(),
                    elected.getGroup().getMaster(),
                    elected.getGroup().getMasterEpoch()));
            return ExitCode.OK.number();
        }

        private Report report(boolean changed, long master, int masterEpoch) {
            return new Report("Election")
                    .field("changed", changed)
                    .field("master", master)
                    .field("masterEpoch", masterEpoch)
                    .line((changed ? "elected: " : "unchanged: ") + "broker " + master + " is master under masterEpoch "
                            + masterEpoch);
        }

        private int foresee(GroupDetails group, boolean replaces) throws CallException {
            if (target == 0 && !group.getTrouble().isEmpty()) {
                throw new CallException(ExitCode.PRECONDITION, group.getTrouble());
            }
            for (ReplicaDetails replica : group.getReplicasList()) {
                if (replica.getBrokerId() == target
                        && !replica.getNotElectable().isEmpty()) {
                    throw new CallException(
                            ExitCode.PRECONDITION,
                            "replica " + target + " can't become master: " + replica.getNotElectable());
                }
            }
            if (target != 0 && group.getReplicasList().stream().noneMatch(replica -> replica.getBrokerId() == target)) {
                throw new CallException(ExitCode.PRECONDITION, "replica " + target + " is not registered");
            }
            String effect = "the master stays as it is, if it is alive";
            if (target != 0) {
                effect = target == group.getMaster() ? "it is master already" : "it would become master";
            }
            Report report = new Report("ElectionForeseen")
                    .field("possible", true)
                    .field("replacesLivingMaster", replaces)
                    .field("waitsForLeaseMs", replaces ? group.getLeaseLeftMs() : 0)
                    .line("possible: " + effect);
            if (replaces && group.getLeaseLeftMs() > 0) {
                report.line("writes would pause, for up to " + group.getLeaseLeftMs() + " ms by the master's lease");
            }
            session.print(report);
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "clean",
            description = {
                "Removes replicas that are gone for good, or with --all the whole group.",
                "Ids and epochs are never given out again. A master that is alive is never removed."
            })
    static final class Clean implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "GROUP", description = GROUP)
        private String name;

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "Replicas to remove.")
        private List<Long> ids = List.of();

        @Option(names = "--all", description = "The whole group.")
        private boolean all;

        @Option(names = "--include-living", description = "Also replicas that are alive.")
        private boolean includeLiving;

        @Option(names = "--dry-run", description = "Only say whether it is possible.")
        private boolean dryRun;

        @Option(names = "--yes", description = "Do it; without this nothing is removed.")
        private boolean yes;

        Clean(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            if (ids.isEmpty() != all) {
                throw new CallException(ExitCode.USAGE, "name the replicas to remove, or give --all; not both");
            }
            Controllers controllers = session.controllers();
            GroupDetails group = Groups.named(controllers, name);
            String what = (all ? "all of " : "replicas " + ids + " of ") + Groups.name(group.getGroup());
            if (!dryRun && !yes) {
                throw new CallException(
                        ExitCode.USAGE, what + " would be removed for good: give --yes if that is meant, or --dry-run");
            }
            controllers.askLeader(!dryRun, () -> ClientFrame.newBuilder()
                    .setOperator(OperatorRequest.newBuilder()
                            .setCleanGroup(CleanGroupRequest.newBuilder()
                                    .setGroup(group.getGroup())
                                    .addAllBrokerIds(ids)
                                    .setIncludeLiving(includeLiving)
                                    .setDryRun(dryRun))));
            session.print(new Report("Removal")
                    .field("group", Groups.name(group.getGroup()))
                    .field("ids", ids)
                    .field("removed", !dryRun)
                    .line((dryRun ? "possible: " : "removed: ") + what));
            return ExitCode.OK.number();
        }
    }
}
