package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/** Runs the command in this process, with one controller that answers as it is told. */
final class CtlHarness implements AutoCloseable {
    private final FakeController controller;
    private String output = "";
    private String errors = "";

    CtlHarness(Function<ClientFrame, ServerFrame.Builder> answers) {
        controller = new FakeController(answers);
    }

    FakeController controller() {
        return controller;
    }

    /** As if its output went to a file or a pipe. */
    int run(String... arguments) {
        return run(false, false, arguments);
    }

    /** As if a person saw its output. */
    int runLive(String... arguments) {
        return run(true, true, arguments);
    }

    /** As if its output went to a pipe, while a person waits for it. */
    int runIntoPipe(String... arguments) {
        return run(false, true, arguments);
    }

    private int run(boolean terminal, boolean progress, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Session session = new Session(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("MQCTL_ENDPOINTS", controller.endpoint().toString(), "MQCTL_CONTEXTS", "nonexistent"),
                "",
                terminal,
                progress);
        int code = Mqctl.run(session, arguments);
        output = out.toString(StandardCharsets.UTF_8);
        errors = err.toString(StandardCharsets.UTF_8);
        return code;
    }

    String output() {
        return output;
    }

    String errors() {
        return errors;
    }

    @Override
    public void close() {
        controller.close();
    }
}
