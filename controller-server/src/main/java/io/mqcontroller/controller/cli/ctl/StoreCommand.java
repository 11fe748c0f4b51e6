package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.InvalidConfigException;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stores of controllers that do not run. */
@Command(name = "store", description = "Looks into the store of a controller that is stopped. Changes nothing in it.")
final class StoreCommand extends Noun {
    private StoreCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new Inspect(session))
                .addSubcommand(new Verify(session));
    }

    /** What both need. */
    abstract static class OfConfiguration implements Callable<Integer> {
        private final Session session;

        @Option(
                names = {"-c", "--config"},
                required = true,
                paramLabel = "FILE",
                description = "The configuration of the controller whose store it is.")
        private Path file;

        OfConfiguration(Session session) {
            this.session = session;
        }

        Session session() {
            return session;
        }

        ControllerConfig config() throws CallException {
            return load(file, session);
        }

        static ControllerConfig load(Path file, Session session) throws CallException {
            try {
                return ConfigLoader.load(Optional.of(file), session.environment(), session.userHome())
                        .config();
            } catch (InvalidConfigException e) {
                throw new CallException(ExitCode.USAGE, e.getMessage());
            }
        }
    }

    @Command(
            name = "inspect",
            description = "Shows what is in it: term, vote, log, snapshot, and the groups at its commit index.")
    static final class Inspect extends OfConfiguration {
        Inspect(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            ControllerConfig config = config();
            session().print(report(config, StoreImage.read(config)));
            return ExitCode.OK.number();
        }

        static Report report(ControllerConfig config, StoreImage image) {
            HardState hard = image.recovered().hardState();
            List<Entry> entries = image.recovered().entries();
            Optional<SnapshotMetadata> snapshot = image.recovered().snapshot();
            Long first = entries.isEmpty() ? null : entries.get(0).index();
            Long last =
                    entries.isEmpty() ? null : entries.get(entries.size() - 1).index();
            String after = image.state().decidedTerm() + "/" + image.state().sequence();
            Table table = new Table("WHAT", "VALUE")
                    .row("controller", config.self() + " of " + config.cluster())
                    .row("term", hard.term())
                    .row("voted for", hard.votedFor().map(NodeId::value).orElse("-"))
                    .row("commit index", hard.commitIndex())
                    .row("log", entries.isEmpty() ? "empty" : first + " to " + last)
                    .row(
                            "snapshot",
                            snapshot.map(s -> "up to " + s.last().index() + ", " + s.sizeBytes() + " bytes")
                                    .orElse("-"))
                    .row("lost what it held", hard.isRecovering() ? "yes, and was not filled since" : "no")
                    .row("state after", after)
                    .row("groups", image.state().metadata().groups().size());
            return new Report("Store")
                    .field("controller", config.self().value())
                    .field("cluster", config.cluster())
                    .field("term", hard.term())
                    .field("votedFor", hard.votedFor().map(NodeId::value).orElse(null))
                    .field("commitIndex", hard.commitIndex())
                    .field("firstIndex", first)
                    .field("lastIndex", last)
                    .field("snapshotIndex", snapshot.map(s -> s.last().index()).orElse(null))
                    .field("recovering", hard.isRecovering())
                    .field("after", after)
                    .field("groups", image.state().metadata().groups().size())
                    .table(table);
        }
    }

    @Command(
            name = "verify",
            description = {
                "Reads all of it, and checks it as the controller does at its start; with --against also whether another one of"
                        + " the cluster holds the same.",
                "Exit code 0: it is whole, and the same. 1: it is damaged, or not the same, and the message says where."
            })
    static final class Verify extends OfConfiguration {
        @Option(
                names = "--against",
                paramLabel = "FILE",
                description = "The configuration of another controller that is stopped: compare what both must hold.")
        private Path other;

        Verify(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            ControllerConfig config = config();
            StoreImage image = StoreImage.read(config);
            Report report = new Report("StoreVerification").field("whole", true);
            describe(report, "entries", config, image);
            boolean same = other == null || compare(report, config, image);
            session().print(report);
            return (same ? ExitCode.OK : ExitCode.FAILED).number();
        }

        private static void describe(Report report, String field, ControllerConfig config, StoreImage image) {
            int entries = image.recovered().entries().size();
            report.field(field, entries)
                    .line(
                            config.self() + " is whole: " + entries + " entries, each sound behind the one before",
                            Tone.GOOD);
        }

        private boolean compare(Report report, ControllerConfig config, StoreImage image) throws CallException {
            ControllerConfig others = load(other, session());
            if (!others.cluster().equals(config.cluster())) {
                throw new CallException(
                        ExitCode.USAGE,
                        other + " is of the cluster " + others.cluster() + ", not of " + config.cluster());
            }
            StoreImage othersImage = StoreImage.read(others);
            describe(report, "entriesOfOther", others, othersImage);
            StoreComparison comparison = StoreComparison.of(image, othersImage)
                    .orElseThrow(
                            () -> new CallException(
                                    ExitCode.PRECONDITION,
                                    "they can't be compared: the snapshot of one covers all that the other knows to be committed"));
            report.field("other", others.self().value())
                    .field("comparedUpTo", comparison.upTo())
                    .field("same", comparison.same())
                    .field(
                            "partAt",
                            comparison.partAt().isPresent()
                                    ? comparison.partAt().getAsLong()
                                    : null);
            if (comparison.same()) {
                report.line(
                        "They hold the same log and the same state up to entry " + comparison.upTo() + ".", Tone.GOOD);
            } else if (comparison.partAt().isPresent()) {
                report.line(
                        "Their logs differ from entry " + comparison.partAt().getAsLong()
                                + " on: keep both stores, and report this as a bug.",
                        Tone.BAD);
            } else {
                report.line(
                        "Their logs are the same, but not their states: keep both, and report this as a bug.",
                        Tone.BAD);
            }
            return comparison.same();
        }
    }
}
