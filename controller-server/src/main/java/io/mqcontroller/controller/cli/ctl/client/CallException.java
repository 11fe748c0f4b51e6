package io.mqcontroller.controller.cli.ctl.client;

import java.util.Objects;

/** Why a command ends without what was asked for; the message is for people: what, where, and what would be right. */
public final class CallException extends Exception {
    private final ExitCode exitCode;

    public CallException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
