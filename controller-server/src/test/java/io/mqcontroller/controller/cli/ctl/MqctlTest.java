package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from its arguments to its output and exit code, with controllers that answer as they are told. */
class MqctlTest {
    private static final NodeStatusReply LEADER = NodeStatusReply.newBuilder()
            .setNodeId("n0")
            .setControllerCluster("group1")
            .setSoftwareVersion("1.2.3")
            .setOwnPart(MemberPart.VOTER)
            .setRole(NodeRole.LEADER)
            .setReady(true)
            .setTerm(4)
            .setLeader("n0")
            .setCommitIndex(120)
            .setAppliedIndex(119)
            .setStoreBytes(3 << 20)
            .setUptimeMs(61_000)
            .build();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeController controller = new FakeController(request -> answer(LEADER));

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void statusShowsEachController() {
        assertEquals(0, run("status", "--endpoints", controller.endpoint().toString()));
        String[] lines = out().split("\n");
        assertTrue(lines[0].startsWith("ID  ADDRESS"), out());
        assertTrue(
                lines[1].matches("n0 +127\\.0\\.0\\.1:\\d+ +1\\.2\\.3 +leader +4 +119 +1 +3\\.0 MiB +1m 1s +ok"),
                out());
    }

    @Test
    void optionsThatAllShareStandBeforeOrAfterTheCommand() {
        assertEquals(0, run("-o", "json", "--endpoints", controller.endpoint().toString(), "status"));
        assertTrue(out().startsWith("{\n  \"schemaVersion\" : 1,\n  \"kind\" : \"Status\""), out());
        assertTrue(out().contains("\"appliedIndex\" : 119"), out());
    }

    @Test
    void statusOfOneThatDoesNotAnswerIsUnavailable() {
        controller.close();
        assertEquals(3, run("status", "--endpoints", controller.endpoint().toString()));
        assertTrue(out().contains("no answer"), out());
        assertTrue(out().contains("Nobody leads"), out());
    }

    @Test
    void healthHasExitCodesOfItsOwn() {
        assertEquals(0, health(LEADER));
        assertEquals("ok\n", out());
        assertEquals(
                1,
                health(LEADER.toBuilder()
                        .addFailedChecks(
                                FailedCheck.newBuilder().setName("disk_space").setMessage("little is left"))
                        .build()));
        assertEquals("degraded\nn0: disk_space: little is left\n", out());
        assertEquals(2, health(LEADER.toBuilder().setRole(NodeRole.FOLLOWER).build()));
        assertTrue(out().startsWith("down\n"), out());
    }

    private int health(NodeStatusReply reply) {
        controller.close();
        controller = new FakeController(request -> answer(reply));
        out.reset();
        return run("health", "--endpoints", controller.endpoint().toString());
    }

    @Test
    void wrongUsageIsNamed() {
        assertEquals(2, run());
        assertTrue(err().contains("a command is missing"), err());
        assertEquals(2, run("statu"));
        assertTrue(err().contains("status"), err());
        assertEquals(2, run("status", "-o", "xml"));
        assertEquals(2, run("status", "--timeout", "soon"));
        assertTrue(err().contains("500ms"), err());
        assertEquals(2, run("context"));
        assertTrue(err().contains("context add|use|list|remove"), err());
        assertEquals(2, run("status"));
        assertTrue(err().contains("MQCTL_ENDPOINTS"), err());
        assertEquals(2, run("status", "--endpoints", "here"));
        assertEquals("", out());
    }

    @Test
    void aContextStandsForItsEndpoints() {
        String endpoint = controller.endpoint().toString();
        assertEquals(0, run("context", "add", "first", "--endpoints", endpoint));
        assertEquals("kept: first; first is current\n", out());
        assertEquals(0, run("context", "add", "second", "--endpoints", "10.0.0.1:9877,10.0.0.2:9877"));
        out.reset();
        assertEquals(0, run("context", "list", "-o", "plain"));
        assertEquals("*\tfirst\t" + endpoint + "\n-\tsecond\t10.0.0.1:9877,10.0.0.2:9877\n", out());

        assertEquals(0, run("health"));
        assertEquals(0, run("context", "use", "second"));
        assertEquals(0, run("health", "--context", "first"));
        environment.put("MQCTL_CONTEXT", "first");
        assertEquals(0, run("health"));
        environment.put("MQCTL_ENDPOINTS", "127.0.0.1:1");
        assertEquals(2, run("health"));

        out.reset();
        assertEquals(0, run("context", "remove", "first"));
        assertEquals("forgotten: first; second is current\n", out());
        assertEquals(2, run("context", "use", "first"));
        assertTrue(err().contains("there are [second]"), err());
        assertEquals(2, run("context", "add", "a b", "--endpoints", endpoint));
        assertEquals(2, run("context", "add", "third"));
    }

    @Test
    void theManualHasAPageForEachCommandAndCompletionIsAScript() throws Exception {
        assertEquals(0, run("write-pages", folder.toString()));
        String completion = Files.readString(folder.resolve("completions/mqctl"));
        assertTrue(completion.contains("complete -F _complete_mqctl"), completion);
        try (Stream<Path> pages = Files.list(folder.resolve("man/man1"))) {
            assertTrue(pages.allMatch(page -> page.getFileName().toString().matches("mqctl[a-z-]*\\.1")));
        }
        String page = Files.readString(folder.resolve("man/man1/mqctl-status.1"));
        assertTrue(page.startsWith(".TH \"MQCTL\\-STATUS\" 1\n.SH NAME\nmqctl\\-status \\- "), page);
        assertTrue(page.contains("table, json, yaml, plain"), page);
        assertFalse(page.contains("$$"), page);
        assertTrue(Files.exists(folder.resolve("man/man1/mqctl-context-add.1")));
        assertFalse(Files.exists(folder.resolve("man/man1/mqctl-write-pages.1")));
    }

    private static ServerFrame.Builder answer(NodeStatusReply reply) {
        return FakeController.status(StatusCode.OK, "")
                .setOperator(OperatorReply.newBuilder().setNodeStatus(reply));
    }

    private int run(String... args) {
        environment.put("MQCTL_CONTEXTS", folder.resolve("contexts").toString());
        PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Mqctl.run(new Session(to, errors, environment, folder.toString(), false, false), args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
