package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.Version;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Format;
import io.mqcontroller.controller.cli.ctl.output.Renderer;
import io.mqcontroller.controller.cli.ctl.output.Report;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** What all commands share: whom to ask, how long to wait, how to say it. Its options can stand before and after the command. */
final class Session {
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final String userHome;
    private final boolean terminal;
    private final boolean progress;
    private final OnInterrupt onInterrupt;

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,...",
            scope = ScopeType.INHERIT,
            description =
                    "Controllers to ask; one is enough, it knows the others. Default: $$MQCTL_ENDPOINTS, then the context.")
    private String endpoints = "";

    @Option(
            names = "--context",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description =
                    "The cluster of this name, see \"mqctl context\". Default: $$MQCTL_CONTEXT, then the current one.")
    private String context = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            scope = ScopeType.INHERIT,
            description = "How long to wait for an answer, for instance 500ms, 5s, 1m. Default: 5s.")
    private Duration timeout = Duration.ofSeconds(5);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "${COMPLETION-CANDIDATES}. json is stable, yaml has the same fields, plain is for scripts.")
    private Format format = Format.table;

    /**
     * @param environment of the process
     * @param terminal whether a person sees what is written to {@code out}
     * @param progress whether a person sees what is written to {@code err}
     */
    Session(
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            String userHome,
            boolean terminal,
            boolean progress) {
        this.out = out;
        this.err = err;
        this.environment = Map.copyOf(environment);
        this.userHome = userHome;
        this.terminal = terminal;
        this.progress = progress;
        onInterrupt = new OnInterrupt(err);
    }

    /** Reads 500ms, 5s, 1m, 1h. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|)");

        @Override
        public Duration convert(String text) {
            Matcher parts = TIME.matcher(text);
            if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
                throw new TypeConversionException(
                        "\"" + text + "\" is no time; right are for instance 500ms, 5s, 1m, 1h");
            }
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
        }
    }

    /** @throws CallException if nobody said where they are */
    Controllers controllers() throws CallException {
        return new Controllers(namedEndpoints(), timeout.toMillis(), Version.current());
    }

    /** For a question whose answer takes this time by itself. */
    Controllers controllers(Duration answerTakes) throws CallException {
        return new Controllers(namedEndpoints(), timeout.plus(answerTakes).toMillis(), Version.current());
    }

    private List<Endpoint> namedEndpoints() throws CallException {
        String text = endpointsText();
        List<Endpoint> named = Endpoint.parseAll(text);
        if (named.isEmpty()) {
            throw new CallException(
                    ExitCode.USAGE,
                    "no controllers are named: give --endpoints HOST:PORT,..., set MQCTL_ENDPOINTS, or make a context with"
                            + " \"mqctl context add NAME --endpoints HOST:PORT,...\"");
        }
        return named;
    }

    private String endpointsText() throws CallException {
        String named = firstOf(endpoints, context.isEmpty() ? environment.getOrDefault("MQCTL_ENDPOINTS", "") : "");
        if (!named.isEmpty()) {
            return named;
        }
        Contexts contexts = contexts();
        String chosen = firstOf(context, environment.getOrDefault("MQCTL_CONTEXT", ""));
        chosen = firstOf(chosen, contexts.current().orElse(""));
        return chosen.isEmpty() ? "" : contexts.endpointsOf(chosen);
    }

    private static String firstOf(String preferred, String otherwise) {
        return preferred.isEmpty() ? otherwise : preferred;
    }

    /** What was given with {@code --endpoints}, if anything. */
    String endpointsOption() {
        return endpoints;
    }

    Contexts contexts() throws CallException {
        return Contexts.read(contextsFile());
    }

    Path contextsFile() {
        return Contexts.fileFor(environment, userHome);
    }

    /** Whether a person sees what is written, and it can be written over. */
    boolean isLive() {
        return terminal && format == Format.table;
    }

    /** Whether only the rows of tables are written. */
    boolean isForScripts() {
        return format == Format.plain;
    }

    Map<String, String> environment() {
        return environment;
    }

    String userHome() {
        return userHome;
    }

    void print(Report report) {
        boolean coloured = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        out.print(new Renderer(format, coloured).render(report));
        out.flush();
    }

    /** Where mistakes and progress go. */
    PrintStream err() {
        return err;
    }

    Waiting waiting() {
        return new Waiting(err, progress, onInterrupt);
    }

    OnInterrupt onInterrupt() {
        return onInterrupt;
    }

    /** Whether nobody reads it any more, as behind {@code head}. */
    boolean isOutputGone() {
        return out.checkError();
    }

    /** Something that is no part of a report, as it is. */
    void printRaw(String text) {
        out.print(text);
        out.flush();
    }
}
