package io.mqcontroller.it.driver;

import java.util.Arrays;

/**
 * Runs one client until its work is done or its standard input is closed. Standard output is the report, one line an
 * event, fields separated by a blank, times in milliseconds since 1970:
 *
 * <pre>
 * READY
 * SEND start end ok|unknown|refused key queue offset detail
 * RECV time key queue offset
 * MESSAGE queue offset key
 * END count
 * </pre>
 */
public final class ClientDriver {
    private ClientDriver() {}

    /**
     * First argument: {@code topic}, {@code produce}, {@code produce-ordinarily}, {@code press}, {@code direct}, {@code consume}, {@code
     * read}, {@code fill}, {@code admin}, {@code errands}; then its own.
     */
    public static void main(String[] args) {
        int exitCode = 0;
        try {
            run(args);
        } catch (Exception e) {
            e.printStackTrace();
            exitCode = 1;
        }
        // Apache's clients leave threads behind that would keep the process alive.
        System.exit(exitCode);
    }

    /** One command; returns when it is done. */
    static void run(String[] args) throws Exception {
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "topic" -> TopicCommand.run(rest);
            case "produce" -> ProduceCommand.run(rest);
            case "produce-ordinarily" -> ProduceCommand.runOrdinarily(rest);
            case "press" -> PressCommand.run(rest);
            case "direct" -> DirectCommand.run(rest);
            case "consume" -> ConsumeCommand.run(rest);
            case "read" -> ReadCommand.run(rest);
            case "fill" -> FillCommand.run(rest);
            case "admin" -> AdminCommand.run();
            case "errands" -> ErrandsCommand.run();
            default ->
                throw new IllegalArgumentException(
                        "usage: topic|produce|produce-ordinarily|press|direct|consume|read|fill|admin|errands ...");
        }
    }

    /** One report line, flushed as a whole so that a reader of the file never sees half of it. */
    static void report(String line) {
        synchronized (System.out) {
            System.out.print(line + "\n");
            System.out.flush();
        }
    }

    /** Blocks until whoever started this process closes its standard input. */
    static void awaitEndOfInput() throws java.io.IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }
}
