package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.Version;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Format;
import io.mqcontroller.controller.cli.ctl.output.Renderer;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.DiagnosticsRequest;
import io.mqcontroller.proto.controller.DiagnosticsText;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** For those who are to find out what is wrong. */
@Command(name = "debug", description = "Gathers what somebody needs who is to find out what is wrong.")
final class DebugCommand extends Noun {
    private static final int ALL_EVENTS = 500;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private DebugCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new DebugCommand()).addSubcommand(new Bundle(session));
    }

    /** Something that may not be there, as things are wrong. */
    @FunctionalInterface
    private interface Part {
        Report ask() throws CallException;
    }

    @Command(
            name = "bundle",
            description = {
                "Writes into one archive what somebody needs who is to find out what is wrong: status, members, groups and history;"
                        + " of each controller configuration, metrics, threads, files of the store, versions, and the end of its log.",
                "What can't be had is named in it instead. Values of keys that sound like secrets are left out."
            })
    static final class Bundle implements Callable<Integer> {
        private final Session session;

        @Option(
                names = "--to",
                paramLabel = "FILE",
                description = "Where to; must not be there. Default: mqctl-debug-TIME.zip.")
        private Path file = Path.of("mqctl-debug-" + TIME.format(Instant.now()) + ".zip");

        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "Of a controller that is stopped: what its store holds, too.")
        private List<Path> configurations = List.of();

        Bundle(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            if (Files.exists(file)) {
                throw new CallException(ExitCode.PRECONDITION, file + " is there already; nothing was written");
            }
            // All that takes time comes before the first byte is written, so there is nothing half-done to clear away.
            Map<String, String> texts = session.onInterrupt().during(() -> "nothing was written", this::gather);
            write(texts);
            session.print(
                    new Report("DebugBundle").field("file", file.toString()).line("written: " + file));
            return ExitCode.OK.number();
        }

        /** Everything by its name in the archive. */
        private Map<String, String> gather() throws CallException {
            Controllers controllers = session.controllers();
            Map<String, Part> parts = new LinkedHashMap<>();
            parts.put("status", () -> StatusCommand.report(ClusterStatus.ask(controllers)));
            parts.put("nodes", () -> NodeCommand.report("Nodes", NodeCommand.Change.members(controllers)));
            parts.put("groups", () -> GroupReports.list(Groups.all(controllers, "")));
            parts.put(
                    "events",
                    () -> EventReports.list(Events.ask(controllers, Events.of("", ALL_EVENTS)), true, ZoneOffset.UTC));
            for (Path configuration : configurations) {
                parts.put("store-of-" + configuration.getFileName(), () -> storeOf(configuration));
            }
            Renderer json = new Renderer(Format.json, false);
            Map<String, String> texts = new LinkedHashMap<>();
            parts.forEach((name, part) -> texts.put(name + ".json", json.render(reportOf(part))));
            texts.putAll(textsOf(controllers));
            texts.put("mqctl.txt", "mqctl " + Version.current() + ", Java " + Runtime.version() + "\n");
            return texts;
        }

        private Report storeOf(Path configuration) throws CallException {
            ControllerConfig config = StoreCommand.OfConfiguration.load(configuration, session);
            return StoreCommand.Inspect.report(config, StoreImage.read(config));
        }

        /** What each controller says of itself, in a folder of its own. */
        private static Map<String, String> textsOf(Controllers controllers) throws CallException {
            Map<String, String> texts = new LinkedHashMap<>();
            for (Answer answer : controllers.askEach(controllers.discover(), () -> ClientFrame.newBuilder()
                    .setOperator(
                            OperatorRequest.newBuilder().setDiagnostics(DiagnosticsRequest.getDefaultInstance())))) {
                String folder = answer.endpoint().toString().replace(':', '_') + "/";
                if (!answer.isThere()) {
                    texts.put(folder + "missing.txt", answer.failure() + "\n");
                } else if (answer.frame().getStatus().getCode() != StatusCode.OK) {
                    texts.put(folder + "missing.txt", answer.frame().getStatus().getMessage() + "\n");
                }
                if (answer.isThere()) {
                    for (DiagnosticsText text :
                            answer.frame().getOperator().getDiagnostics().getTextsList()) {
                        texts.put(folder + Path.of(text.getName()).getFileName(), text.getText());
                    }
                }
            }
            return texts;
        }

        private void write(Map<String, String> texts) throws CallException {
            try (OutputStream out =
                            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    zip.putNextEntry(new ZipEntry(text.getKey()));
                    zip.write(text.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
            } catch (NoSuchFileException e) {
                throw new CallException(ExitCode.FAILED, file + " can't be written: there is no such folder");
            } catch (IOException e) {
                throw new CallException(ExitCode.FAILED, file + " can't be written: " + e);
            }
        }

        private static Report reportOf(Part part) {
            try {
                return part.ask();
            } catch (CallException missing) {
                return new Report("Missing").field("error", missing.getMessage());
            }
        }
    }
}
