package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.Version;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.controller.cli.ctl.snapshot.ClusterSnapshot;
import io.mqcontroller.controller.cli.ctl.snapshot.RestoredStore;
import io.mqcontroller.controller.cli.ctl.snapshot.SnapshotWriter;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.SnapshotReply;
import io.mqcontroller.proto.controller.SnapshotRequest;
import io.mqcontroller.proto.snapshot.ClusterSnapshotHeader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The state of a cluster as a file, for the day on which all stores are lost. */
@Command(name = "snapshot", description = "Keeps the state of a cluster in a file, and makes a new cluster from it.")
final class SnapshotCommand extends Noun {
    private SnapshotCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new SnapshotCommand())
                .addSubcommand(new Save(session))
                .addSubcommand(new Status(session))
                .addSubcommand(new Restore(session));
    }

    @Command(
            name = "save",
            description = {
                "Writes the state of the cluster, as its leader holds it at one moment, to a file.",
                "Everything that was acknowledged before is in it. The file appears when it is whole."
            })
    static final class Save implements Callable<Integer> {
        /** Each change of the leader meanwhile makes it begin anew. */
        private static final int ATTEMPTS = 3;

        private final Session session;

        @Parameters(paramLabel = "FILE", description = "Where to; must not be there.")
        private Path file;

        Save(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session.controllers();
            boolean saved = false;
            for (int attempt = 1; attempt <= ATTEMPTS && !saved; attempt++) {
                saved = save(controllers);
            }
            if (!saved) {
                throw new CallException(
                        ExitCode.UNAVAILABLE,
                        "the leader changed again and again, or is too busy to tell its state; nothing was written");
            }
            session.print(report("Snapshot", file, read(file)));
            return ExitCode.OK.number();
        }

        /** @return false if the controllers forgot what was captured before all of it was here */
        private boolean save(Controllers controllers) throws CallException {
            SnapshotReply part = ask(controllers, 0, 0);
            if (part.getCapture() == 0) {
                return false;
            }
            try (SnapshotWriter writer = new SnapshotWriter(file, headerOf(part))) {
                return session.onInterrupt().during(() -> abandon(writer), () -> write(controllers, part, writer));
            } catch (FileAlreadyExistsException e) {
                throw new CallException(ExitCode.PRECONDITION, file + " is there already; nothing was written");
            } catch (IOException e) {
                throw cantWrite(e);
            }
        }

        private boolean write(Controllers controllers, SnapshotReply first, SnapshotWriter writer)
                throws CallException {
            try {
                SnapshotReply part = first;
                long written = 0;
                while (true) {
                    writer.append(part.getPart());
                    written += part.getPart().size();
                    if (written >= first.getTotalBytes()) {
                        writer.finish();
                        return true;
                    }
                    part = ask(controllers, first.getCapture(), written);
                    if (part.getCapture() != first.getCapture()
                            || part.getPart().isEmpty()) {
                        return false;
                    }
                }
            } catch (IOException e) {
                throw cantWrite(e);
            }
        }

        private String abandon(SnapshotWriter writer) {
            try {
                writer.close();
                return writer.isFinished() ? file + " is written" : "nothing was written";
            } catch (IOException e) {
                return "what was written is beside " + file + ": " + e;
            }
        }

        private CallException cantWrite(IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such folder" : e.toString();
            return new CallException(ExitCode.FAILED, file + " can't be written: " + reason);
        }

        private static SnapshotReply ask(Controllers controllers, long capture, long offset) throws CallException {
            return controllers
                    .askLeader(false, () -> ClientFrame.newBuilder()
                            .setOperator(OperatorRequest.newBuilder()
                                    .setSnapshot(SnapshotRequest.newBuilder()
                                            .setCapture(capture)
                                            .setOffset(offset))))
                    .getOperator()
                    .getSnapshot();
        }

        private static ClusterSnapshotHeader headerOf(SnapshotReply first) {
            return ClusterSnapshotHeader.newBuilder()
                    .setControllerCluster(first.getControllerCluster())
                    .setIndex(first.getIndex())
                    .setTerm(first.getTerm())
                    .setContentBytes(first.getTotalBytes())
                    .setTakenAtWallMs(System.currentTimeMillis())
                    .setSoftwareVersion(Version.current())
                    .build();
        }
    }

    @Command(
            name = "status",
            description = {
                "Shows what is in a file, and checks all of it. Asks no controller.",
                "Exit code 0: it is whole, 1: it is not, and the message says why."
            })
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "FILE", description = "Written by \"mqctl snapshot save\".")
        private Path file;

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            session.print(report("Snapshot", file, read(file)));
            return ExitCode.OK.number();
        }
    }

    @Command(
            name = "restore",
            description = {
                "Makes the store of one of the first controllers of a new cluster from a file. Asks no controller.",
                "To be done with the same file for each of them, before any is started. The new cluster has a name of its own"
                        + " (controllerDLegerGroup). It knows the groups and their replicas, and elects a master for each"
                        + " among those that are alive, by their logs: who was master and in sync may have changed since.",
                "Epochs and new broker ids begin far above those in the file, so that they never go back."
            })
    static final class Restore extends StoreCommand.OfConfiguration {
        @Parameters(paramLabel = "FILE", description = "Written by \"mqctl snapshot save\".")
        private Path file;

        @Option(names = "--dry-run", description = "Only say whether it is possible.")
        private boolean dryRun;

        Restore(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            ControllerConfig config = config();
            ClusterSnapshot snapshot = read(file);
            Optional<String> hindrance = RestoredStore.hindrance(config, snapshot);
            if (hindrance.isPresent()) {
                throw new CallException(ExitCode.PRECONDITION, hindrance.get());
            }
            if (!dryRun) {
                make(config, snapshot);
            }
            Path store = RestoredStore.storeOf(config);
            session()
                    .print(report("SnapshotRestoration", file, snapshot)
                            .field("restored", !dryRun)
                            .field("controller", config.self().value())
                            .field("newCluster", config.cluster())
                            .field("store", store.toString())
                            .line(
                                    dryRun
                                            ? "possible: " + store + " would be made"
                                            : "made: " + store + " of controller " + config.self() + " of the cluster "
                                                    + config.cluster()));
            return ExitCode.OK.number();
        }

        private static void make(ControllerConfig config, ClusterSnapshot snapshot) throws CallException {
            try {
                RestoredStore.make(config, snapshot);
            } catch (IOException e) {
                throw new CallException(
                        ExitCode.FAILED, "no store could be made at " + RestoredStore.storeOf(config) + ": " + e);
            }
        }
    }

    private static ClusterSnapshot read(Path file) throws CallException {
        try {
            return ClusterSnapshot.read(file);
        } catch (NoSuchFileException e) {
            throw new CallException(ExitCode.PRECONDITION, file + " is not there");
        } catch (IOException e) {
            throw new CallException(ExitCode.FAILED, file + " can't be used: " + e.getMessage());
        }
    }

    private static Report report(String kind, Path file, ClusterSnapshot snapshot) {
        ClusterSnapshotHeader header = snapshot.header();
        ClusterMetadata metadata = snapshot.state().metadata();
        int replicas = replicasIn(metadata);
        String after = snapshot.state().decidedTerm() + "/" + snapshot.state().sequence();
        String takenAt = Instant.ofEpochMilli(header.getTakenAtWallMs()).toString();
        return new Report(kind)
                .field("file", file.toString())
                .field("version", ClusterSnapshot.VERSION)
                .field("cluster", header.getControllerCluster())
                .field("index", header.getIndex())
                .field("term", header.getTerm())
                .field("after", after)
                .field("groups", metadata.groups().size())
                .field("replicas", replicas)
                .field("removedGroups", metadata.tombstones().size())
                .field("bytes", snapshot.fileBytes())
                .field("takenAt", takenAt)
                .field("takenBy", header.getSoftwareVersion())
                .field("hash", snapshot.hash())
                .table(new Table("WHAT", "VALUE")
                        .row("file", file)
                        .row("cluster", header.getControllerCluster())
                        .row("log up to", header.getIndex())
                        .row("term", header.getTerm())
                        .row("state after", after)
                        .row("groups", metadata.groups().size())
                        .row("replicas", replicas)
                        .row("removed groups", metadata.tombstones().size())
                        .row("taken at", takenAt)
                        .row("taken by", header.getSoftwareVersion())
                        .row("size", Cell.bytes(snapshot.fileBytes()))
                        .row("version", ClusterSnapshot.VERSION)
                        .row("hash", snapshot.hash()));
    }

    private static int replicasIn(ClusterMetadata metadata) {
        int[] count = new int[1];
        metadata.groups().forEach((key, group) -> count[0] += group.replicas().size());
        return count[0];
    }
}
