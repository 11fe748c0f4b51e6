package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.InvalidConfigException;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ConfigRequest;
import io.mqcontroller.proto.controller.ConfigValue;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Configurations: of files, and in force. */
@Command(name = "config", description = "Checks files of configuration, compares what is in force, and changes it.")
final class ConfigCommand extends Noun {
    private ConfigCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new Check(session))
                .addSubcommand(new Diff(session))
                .addSubcommand(new ConfigSetCommand(session));
    }

    @Command(
            name = "check",
            description = {
                "Checks files as mqcontroller would at its start, and tells all mistakes. Asks no controller.",
                "Exit code 0: all of them are right, 1: some are not."
            })
    static final class Check implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "FILE", arity = "1..*", description = "A file for mqcontroller -c.")
        private List<Path> files = List.of();

        Check(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Report report = new Report("ConfigCheck");
            Table table = new Table("FILE", "MISTAKE");
            List<Object> fields = new ArrayList<>();
            boolean allRight = true;
            for (Path file : files) {
                List<String> mistakes = mistakesOf(file);
                allRight &= mistakes.isEmpty();
                mistakes.forEach(mistake -> table.row(file, mistake));
                report.line(
                        file + (mistakes.isEmpty() ? " is right" : " is wrong:"),
                        mistakes.isEmpty() ? Tone.GOOD : Tone.BAD);
                mistakes.forEach(mistake -> report.line("  " + mistake));
                fields.add(Report.object("file", file.toString(), "valid", mistakes.isEmpty(), "mistakes", mistakes));
            }
            report.field("files", fields);
            session.print(session.isForScripts() ? report.table(table) : report);
            return (allRight ? ExitCode.OK : ExitCode.FAILED).number();
        }

        private List<String> mistakesOf(Path file) {
            try {
                ConfigLoader.load(Optional.of(file), session.environment(), session.userHome());
                return List.of();
            } catch (InvalidConfigException e) {
                return e.mistakes();
            }
        }
    }

    @Command(
            name = "diff",
            description = {
                "Shows the keys whose values are not the same on all controllers, or not those of a file.",
                "Exit code 0: there are none, 1: there are some."
            })
    static final class Diff implements Callable<Integer> {
        /** What is to be different. */
        private static final Set<String> OWN = Set.of("controllerDLegerSelfId");

        private final Session session;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "Compare with this file, too.")
        private Path file;

        Diff(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            if (file != null) {
                all.put(file.getFileName().toString(), ofFile());
            }
            all.putAll(inForce(session.controllers()));
            Report report = report(all);
            session.print(report);
            return (differing(all).isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
        }

        private Map<String, String> ofFile() throws CallException {
            try {
                Map<String, String> values = new TreeMap<>();
                ConfigLoader.load(Optional.of(file), Map.of(), session.userHome())
                        .live()
                        .effectiveProperties()
                        .lines()
                        .forEach(line -> values.put(
                                line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
                return values;
            } catch (InvalidConfigException e) {
                throw new CallException(ExitCode.USAGE, e.getMessage());
            }
        }

        private static Map<String, Map<String, String>> inForce(Controllers controllers) throws CallException {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            List<String> failures = new ArrayList<>();
            for (Answer answer : controllers.askEach(controllers.discover(), () -> ClientFrame.newBuilder()
                    .setOperator(OperatorRequest.newBuilder().setConfig(ConfigRequest.getDefaultInstance())))) {
                if (answer.isThere() && answer.frame().getStatus().getCode() == StatusCode.OK) {
                    Map<String, String> values = new TreeMap<>();
                    for (ConfigValue value :
                            answer.frame().getOperator().getConfig().getValuesList()) {
                        values.put(value.getKey(), value.getValue());
                    }
                    all.put(
                            values.getOrDefault(
                                    "controllerDLegerSelfId", answer.endpoint().toString()),
                            values);
                } else {
                    failures.add(answer.endpoint() + ": "
                            + (answer.isThere() ? answer.frame().getStatus().getMessage() : answer.failure()));
                }
            }
            if (!failures.isEmpty()) {
                throw new CallException(
                        ExitCode.UNAVAILABLE, "not all controllers tell their configuration: " + failures);
            }
            return all;
        }

        private static List<String> differing(Map<String, Map<String, String>> all) {
            Set<String> keys = new TreeSet<>();
            all.values().forEach(values -> keys.addAll(values.keySet()));
            keys.removeAll(OWN);
            return keys.stream()
                    .filter(key -> all.values().stream()
                                    .map(values -> values.getOrDefault(key, ""))
                                    .distinct()
                                    .count()
                            > 1)
                    .toList();
        }

        private static Report report(Map<String, Map<String, String>> all) {
            List<String> heads = new ArrayList<>(List.of("KEY"));
            heads.addAll(all.keySet());
            Table table = new Table(heads.toArray(new String[0]));
            List<Object> fields = new ArrayList<>();
            List<String> keys = differing(all);
            for (String key : keys) {
                List<Object> row = new ArrayList<>(List.of(Cell.of(key)));
                Map<String, Object> values = new LinkedHashMap<>();
                all.forEach((name, its) -> {
                    row.add(its.getOrDefault(key, "-"));
                    values.put(name, its.get(key));
                });
                table.row(row.toArray());
                fields.add(Report.object("key", key, "values", values));
            }
            Report report =
                    new Report("ConfigDifferences").field("differences", fields).table(table);
            return keys.isEmpty() ? report.line("All values are the same.", Tone.GOOD) : report;
        }
    }
}
