package io.mqcontroller.controller.cli.ctl;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds others: without one of them it makes no sense. */
abstract class Noun implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing: " + spec.qualifiedName() + " "
                        + String.join("|", spec.subcommands().keySet()));
    }
}
