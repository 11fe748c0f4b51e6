package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The same as {@code --help} of a command, in the order in which one thinks of it. */
@Command(name = "help", description = "Prints all commands, or the options of one.")
final class HelpCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The command to explain, for instance: group list.")
    private List<String> path = List.of();

    @Spec
    private CommandSpec spec;

    HelpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CommandLine command = spec.root().commandLine();
        for (String name : path) {
            CommandLine below = command.getSubcommands().get(name);
            if (below == null) {
                throw new ParameterException(
                        command,
                        "\"" + command.getCommandSpec().qualifiedName() + "\" has no command \"" + name + "\"");
            }
            command = below;
        }
        session.printRaw(command.getUsageMessage());
        return ExitCode.OK.number();
    }
}
