package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.Version;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code mqctl}: asks the controllers of a cluster, and has them do things. Exit codes: {@link ExitCode}. */
@Command(
        name = "mqctl",
        versionProvider = Mqctl.Versions.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Looks at the controllers of RocketMQ broker groups, and has them do things.",
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 no controller answers, 4 not possible as things are.",
            "\"mqctl health\" has its own: 0 ok, 1 degraded, 2 down.",
            "NO_COLOR=1 turns colours off; MQCTL_ENDPOINTS, MQCTL_CONTEXT and MQCTL_CONTEXTS stand for options."
        })
public final class Mqctl implements Runnable {
    @Mixin
    private final Session session;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    private Mqctl(Session session) {
        this.session = session;
    }

    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mqctl " + Version.current() + ", Java " + Runtime.version()};
        }
    }

    /** The launcher says by {@code mqctl.terminal} and {@code mqctl.progress} whether a person sees output and progress. */
    public static void main(String[] args) {
        // Before the first logger is made: Logback reads it once.
        System.setProperty("logback.configurationFile", "logback-mqctl.xml");
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Session session = new Session(
                out,
                err,
                System.getenv(),
                System.getProperty("user.home"),
                Boolean.getBoolean("mqctl.terminal"),
                Boolean.getBoolean("mqctl.progress"));
        int code = run(session, args);
        out.flush();
        System.exit(code);
    }

    static int run(Session session, String... args) {
        PrintStream err = session.err();
        return commandLine(session)
                .setExecutionExceptionHandler((failure, command, parsed) -> onFailure(failure, session))
                .setParameterExceptionHandler((wrong, given) -> onWrongUsage(wrong, err))
                .execute(args);
    }

    /** The whole tree of commands. */
    static CommandLine commandLine(Session session) {
        return new CommandLine(new Mqctl(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new HealthCommand(session))
                .addSubcommand(GroupCommand.commandLine(session))
                .addSubcommand(new DrainCommand.Begin(session))
                .addSubcommand(new DrainCommand.End(session))
                .addSubcommand(new BalanceCommand(session))
                .addSubcommand(NodeCommand.commandLine(session))
                .addSubcommand(new EventsCommand(session))
                .addSubcommand(new WatchCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(ConfigCommand.commandLine(session))
                .addSubcommand(SnapshotCommand.commandLine(session))
                .addSubcommand(StoreCommand.commandLine(session))
                .addSubcommand(LogCommand.commandLine(session))
                .addSubcommand(DebugCommand.commandLine(session))
                .addSubcommand(ContextCommand.commandLine(session))
                .addSubcommand(new HelpCommand(session))
                .addSubcommand(new PagesCommand())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int onFailure(Exception failure, Session session) {
        PrintStream err = session.err();
        if (session.onInterrupt().happened()) {
            // It is the consequence of that.
            return ExitCode.FAILED.number();
        }
        if (failure instanceof CallException expected) {
            err.println("mqctl: " + expected.getMessage());
            return expected.exitCode().number();
        }
        err.println("mqctl: this is a mistake in mqctl itself: " + failure);
        failure.printStackTrace(err);
        return ExitCode.FAILED.number();
    }

    private static int onWrongUsage(ParameterException wrong, PrintStream err) {
        CommandLine command = wrong.getCommandLine();
        err.println("mqctl: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, new PrintWriter(err, true));
        err.println("\"" + command.getCommandSpec().qualifiedName() + " --help\" shows what is right.");
        return ExitCode.USAGE.number();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; \"mqctl help\" lists all");
    }
}
