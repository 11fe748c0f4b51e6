package io.mqcontroller.controller.cli.ctl.client;

/** What scripts see of how a command ended. Numbers never change. */
public enum ExitCode {
    OK(0),
    /** It was tried, and did not come out, or it is not known whether it did. */
    FAILED(1),
    /** The command line, or what it names, makes no sense. */
    USAGE(2),
    /** No controller answered, or none of them leads. */
    UNAVAILABLE(3),
    /** As things are it is not possible; nothing was changed. */
    PRECONDITION(4);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
