package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Units;
import io.mqcontroller.proto.controller.CleanGroupRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A replica that is lost, and the one that was started in its place. */
@Command(
        name = "replace",
        description = {
            "Removes a replica for good as soon as another one, which was started in its place, has all that it had.",
            "Start an empty broker in the group first: it gets an id of its own, and copies the master's log. Nothing is changed"
                    + " before the new one is in the SyncStateSet and the old one is gone."
        })
final class ReplaceReplicaCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "GROUP", description = GroupCommand.GROUP)
    private String name;

    @Parameters(index = "1", paramLabel = "OLD", description = "The id of the replica that goes.")
    private long old;

    @Parameters(index = "2", paramLabel = "NEW", description = "The id of the replica that takes its place.")
    private long replacement;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "1h",
            converter = Session.TimeConverter.class,
            description = "Wait until it is possible, so long at most, and say how far it is. Without TIME: 1h.")
    private Duration atMost = Duration.ZERO;

    @Option(names = "--dry-run", description = "Only say whether it is possible now.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do it; without this nothing is changed.")
    private boolean yes;

    ReplaceReplicaCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        if (old == replacement) {
            throw new CallException(ExitCode.USAGE, "a replica can't take its own place");
        }
        Controllers controllers = session.controllers();
        GroupDetails group = Groups.named(controllers, name);
        if (!dryRun && !yes) {
            throw new CallException(
                    ExitCode.USAGE,
                    "replica " + old + " of " + Groups.name(group.getGroup())
                            + " would be removed for good: give --yes if that is meant, or --dry-run");
        }
        if (dryRun || atMost.isZero()) {
            assertPossible(group);
        } else {
            session.waiting()
                    .until(
                            Waiting.patiently(() -> hindrance(Groups.named(controllers, name))),
                            atMost,
                            "nothing is removed, and replica " + replacement
                                    + " goes on as it does; ask again when you like");
        }
        boolean there = replica(Groups.named(controllers, name), old).isPresent();
        if (!dryRun && there) {
            remove(controllers, group);
        }
        session.print(report(group, there));
        return ExitCode.OK.number();
    }

    private void assertPossible(GroupDetails group) throws CallException {
        Optional<String> hindrance = hindrance(group);
        if (hindrance.isPresent()) {
            throw new CallException(ExitCode.PRECONDITION, hindrance.get());
        }
    }

    private void remove(Controllers controllers, GroupDetails group) throws CallException {
        controllers.askLeader(true, () -> ClientFrame.newBuilder()
                .setOperator(OperatorRequest.newBuilder()
                        .setCleanGroup(CleanGroupRequest.newBuilder()
                                .setGroup(group.getGroup())
                                .addBrokerIds(old))));
    }

    private Report report(GroupDetails group, boolean there) {
        String what = "replica " + old + " of " + Groups.name(group.getGroup());
        String done =
                there ? "removed: " + what + ", in whose place there is " + replacement : "was removed before: " + what;
        return new Report("Replacement")
                .field("group", Groups.name(group.getGroup()))
                .field("old", old)
                .field("new", replacement)
                .field("removed", !dryRun)
                .line(dryRun ? "possible: " + what + " would be removed" : done);
    }

    /** What is in the way now, for people; empty: nothing. */
    private Optional<String> hindrance(GroupDetails group) {
        Optional<ReplicaDetails> fresh = replica(group, replacement);
        if (fresh.isEmpty()) {
            return Optional.of("replica " + replacement + " has not registered yet");
        } else if (!fresh.get().getAlive()) {
            return Optional.of("replica " + replacement + " is not alive");
        } else if (!group.getSyncStateSetList().contains(replacement)) {
            return Optional.of(
                    "replica " + replacement + " is not in the SyncStateSet yet" + lagOf(group, fresh.get()));
        }
        return replica(group, old).filter(ReplicaDetails::getAlive).map(living -> whileItLives(group));
    }

    private String whileItLives(GroupDetails group) {
        return group.getMaster() == old
                ? "replica " + old + " is the master, and alive: let another one take over (mqctl group switchover "
                        + name + " --to " + replacement + "), then stop its broker"
                : "replica " + old + " is alive: stop its broker, or it would register again";
    }

    private static String lagOf(GroupDetails group, ReplicaDetails fresh) {
        if (fresh.getLagKnown()) {
            return ": it lacks " + Units.bytes(fresh.getLagBytes());
        }
        return GroupReports.masterOf(group)
                .filter(master -> master.getMaxOffset() >= 0 && fresh.getMaxOffset() >= 0)
                .map(master ->
                        ": it lacks about " + Units.bytes(Math.max(0, master.getMaxOffset() - fresh.getMaxOffset())))
                .orElse("");
    }

    private static Optional<ReplicaDetails> replica(GroupDetails group, long id) {
        return group.getReplicasList().stream()
                .filter(replica -> replica.getBrokerId() == id)
                .findFirst();
    }
}
