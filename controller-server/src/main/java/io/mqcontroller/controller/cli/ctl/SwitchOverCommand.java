package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.SwitchOverReply;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mqctl group switchover}. */
@Command(
        name = "switchover",
        description = {
            "Makes a replica master, and loses nothing: the master pauses writes until that replica has everything.",
            "If that takes longer than --limit the master goes on as before. Ctrl-C ends only the waiting."
        })
final class SwitchOverCommand implements Callable<Integer> {
    /** In which an order reaches the master, and the outcome comes back. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

    private static final long MAX_LAG_BYTES = 16 << 20;
    private static final String NEEDS_AGENT = "NEEDS_AGENT";

    private final Session session;

    @Parameters(
            paramLabel = "GROUP",
            description = "The group; with its cluster, as cluster/group, if several have one of this name.")
    private String name;

    @Option(names = "--to", paramLabel = "ID", required = true, description = "The next master.")
    private long target;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = Session.TimeConverter.class,
            description = "How long writes may be paused at most. Default: 3s.")
    private Duration limit = Duration.ofSeconds(3);

    @Option(
            names = "--max-lag",
            paramLabel = "BYTES",
            description = "Do nothing if the replica lacks more than that. Default: 16777216.")
    private long maxLagBytes;

    @Option(
            names = "--may-lose",
            description =
                    "Elect the replica at once if the master has no agent that can wait for it: what only the master has is lost.")
    private boolean mayLose;

    @Option(names = "--dry-run", description = "Only say whether it is possible.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Needed with --may-lose.")
    private boolean yes;

    SwitchOverCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        if (mayLose && !yes && !dryRun) {
            throw new CallException(
                    ExitCode.USAGE,
                    "--may-lose may lose messages that producers take for safe: give --yes if that is meant");
        }
        GroupDetails group = Groups.named(session.controllers(), name);
        if (dryRun) {
            session.print(foresee(group));
            return ExitCode.OK.number();
        }
        SwitchOverReply done;
        try {
            done = switchOver(group);
        } catch (CallException refusal) {
            throw refused(refusal);
        }
        GroupView view = done.getGroup();
        session.print(new Report("SwitchOver")
                .field("changed", done.getChanged())
                .field("master", view.getMaster())
                .field("masterEpoch", view.getMasterEpoch())
                .line((done.getChanged() ? "switched over: " : "unchanged: ") + "broker " + view.getMaster()
                        + " is master under masterEpoch " + view.getMasterEpoch()));
        return ExitCode.OK.number();
    }

    /** The leader does not know what is typed here. */
    private CallException refused(CallException refusal) {
        return refusal.getMessage().startsWith(NEEDS_AGENT) && !mayLose
                ? new CallException(refusal.exitCode(), refusal.getMessage() + "; --may-lose --yes allows it")
                : refusal;
    }

    private SwitchOverReply switchOver(GroupDetails group) throws CallException {
        Controllers controllers = session.controllers(limit.plus(ON_THE_WAY));
        return session.onInterrupt()
                .during(
                        () -> "what was asked for goes on, and is made whole or not at all; \"mqctl group describe "
                                + name + "\" shows who is master",
                        () -> controllers
                                .askLeader(true, () -> ClientFrame.newBuilder()
                                        .setSwitchOver(SwitchOverRequest.newBuilder()
                                                .setGroup(group.getGroup())
                                                .setTo(target)
                                                .setLimitMs(limit.toMillis())
                                                .setMaxLagBytes(maxLagBytes)
                                                .setMayLose(mayLose)))
                                .getSwitchOver());
    }

    private Report foresee(GroupDetails group) throws CallException {
        ReplicaDetails replica = group.getReplicasList().stream()
                .filter(one -> one.getBrokerId() == target)
                .findFirst()
                .orElseThrow(
                        () -> new CallException(ExitCode.PRECONDITION, "replica " + target + " is not registered"));
        if (target != group.getMaster()) {
            Optional<String> obstacle = obstacle(group, replica);
            if (obstacle.isPresent()) {
                throw new CallException(ExitCode.PRECONDITION, obstacle.get());
            }
        }
        return new Report("SwitchOverForeseen").field("possible", true).line("possible: " + effect(group, replica));
    }

    private String effect(GroupDetails group, ReplicaDetails replica) {
        if (target == group.getMaster()) {
            return "it is master already";
        } else if (!hasAgent(group)) {
            return "it would be elected at once, and what only the master has would be lost";
        }
        return "writes would pause until it has everything; it lacks " + replica.getLagBytes() + " bytes now";
    }

    /** What the leader would answer, as far as that can be known from here. */
    private Optional<String> obstacle(GroupDetails group, ReplicaDetails replica) {
        String who = "replica " + target;
        if (GroupReports.masterOf(group).isEmpty()) {
            return Optional.of("NO_MASTER: there is none that could hand over");
        } else if (!group.getSyncStateSetList().contains(target)) {
            return Optional.of("NOT_IN_SYNC: " + who + " is not in the SyncStateSet " + group.getSyncStateSetList());
        } else if (!replica.getNotElectable().isEmpty()) {
            return Optional.of("NOT_ELIGIBLE: " + who + ": " + replica.getNotElectable());
        } else if (replica.getDrained()) {
            return Optional.of("DRAINED: " + who + " is being drained; undrain it first");
        } else if (!hasAgent(group)) {
            return mayLose
                    ? Optional.empty()
                    : Optional.of(NEEDS_AGENT + ": the master has no agent that could hand over; with --may-lose " + who
                            + " is elected at once, and what only the master has is lost");
        } else if (!replica.getLagKnown() || !replica.getConnectedToMaster()) {
            return Optional.of("NOT_CONNECTED: " + who + " does not copy from the master now");
        }
        long allowed = maxLagBytes == 0 ? MAX_LAG_BYTES : maxLagBytes;
        return replica.getLagBytes() > allowed
                ? Optional.of("TOO_FAR_BEHIND: " + who + " lacks " + replica.getLagBytes() + " bytes; at most "
                        + allowed + " are allowed")
                : Optional.empty();
    }

    private static boolean hasAgent(GroupDetails group) {
        return GroupReports.masterOf(group).map(ReplicaDetails::getAgent).orElse(false);
    }
}
