package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClusterReply;
import io.mqcontroller.proto.controller.ConfigChangeReply;
import io.mqcontroller.proto.controller.ConfigChangeRequest;
import io.mqcontroller.proto.controller.ConfigReply;
import io.mqcontroller.proto.controller.ConfigValue;
import io.mqcontroller.proto.controller.ControllerMember;
import io.mqcontroller.proto.controller.DiagnosticsReply;
import io.mqcontroller.proto.controller.DiagnosticsText;
import io.mqcontroller.proto.controller.LogLevelReply;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StateHashReply;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** verify, config, log and debug, against two controllers. */
class InspectionCommandsTest {
    @TempDir
    Path folder;

    private volatile ByteString otherHash = hash(1);
    private volatile long otherSequence = 4;
    private volatile String otherValue = "1000";
    private final Map<String, String> changed = new ConcurrentHashMap<>();
    private final FakeController other = new FakeController(request -> answer(request, "n1"));
    private final CtlHarness ctl = new CtlHarness(request -> answer(request, "n0"));

    @AfterEach
    void stop() {
        ctl.close();
        other.close();
    }

    private static ByteString hash(int value) {
        byte[] hash = new byte[32];
        hash[0] = (byte) value;
        return ByteString.copyFrom(hash);
    }

    private ServerFrame.Builder answer(ClientFrame request, String id) {
        boolean second = "n1".equals(id);
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        if (request.hasCluster()) {
            return ok.setCluster(ClusterReply.newBuilder()
                    .addMembers(ControllerMember.newBuilder()
                            .setAddress(other.endpoint().toString())));
        }
        OperatorRequest asked = request.getOperator();
        return switch (asked.getKindCase()) {
            case NODE_STATUS ->
                ok.setOperator(OperatorReply.newBuilder()
                        .setNodeStatus(
                                NodeStatusReply.newBuilder().setNodeId(id).setAppliedIndex(9)));
            case STATE_HASH ->
                ok.setOperator(OperatorReply.newBuilder()
                        .setStateHash(StateHashReply.newBuilder()
                                .setKnown(true)
                                .setDecidedTerm(2)
                                .setSequence(second ? otherSequence : 4)
                                .setGroups(1)
                                .setHash(second ? otherHash : hash(1))));
            case CONFIG ->
                ok.setOperator(OperatorReply.newBuilder()
                        .setConfig(ConfigReply.newBuilder()
                                .addValues(value("controllerDLegerSelfId", id))
                                .addValues(value("raftElectionTimeoutMs", second ? otherValue : "1000"))));
            case LOG_LEVEL ->
                ok.setOperator(OperatorReply.newBuilder()
                        .setLogLevel(LogLevelReply.newBuilder()
                                .setLevel(asked.getLogLevel().getLevel().isEmpty() ? "INFO" : "DEBUG")));
            case CONFIG_CHANGE -> change(asked.getConfigChange(), id, ok);
            case DIAGNOSTICS ->
                second
                        ? FakeController.status(StatusCode.UNSUPPORTED, "too old for it")
                        : ok.setOperator(OperatorReply.newBuilder()
                                .setDiagnostics(DiagnosticsReply.newBuilder()
                                        .addTexts(DiagnosticsText.newBuilder()
                                                .setName("../log.txt")
                                                .setText("all is well\n"))));
            default -> FakeController.status(StatusCode.UNSUPPORTED, "not here");
        };
    }

    /** The second one takes no falsehood. */
    private ServerFrame.Builder change(ConfigChangeRequest change, String id, ServerFrame.Builder ok) {
        if ("n1".equals(id) && change.getValue().equals("false")) {
            return FakeController.status(StatusCode.PRECONDITION_FAILED, "not that");
        }
        String before = changed.getOrDefault(id, "old");
        if (!change.getDryRun()) {
            changed.put(id, change.getValue());
        }
        return ok.setOperator(OperatorReply.newBuilder()
                .setConfigChange(ConfigChangeReply.newBuilder().setValueBefore(before)));
    }

    @Test
    void aKeyIsChangedOnAllControllersOrOnNone() {
        assertEquals(0, ctl.run("config", "set", "notifyBrokerRoleChanged", "true", "--dry-run"), ctl::errors);
        assertEquals(Map.of(), changed);
        assertEquals(4, ctl.run("config", "set", "notifyBrokerRoleChanged", "false"));
        assertTrue(ctl.errors().contains("not that"), ctl.errors());
        assertEquals(Map.of(), changed);
        assertEquals(0, ctl.run("config", "set", "notifyBrokerRoleChanged", "true", "-o", "plain"), ctl::errors);
        assertEquals(Map.of("n0", "true", "n1", "true"), changed);
        assertEquals(
                2,
                ctl.output()
                        .lines()
                        .filter(line -> line.endsWith("\told\ttrue"))
                        .count(),
                ctl.output());
    }

    @Test
    void aKeyIsChangedOnOneControllerIfThatIsAskedFor() {
        String second = other.endpoint().toString();
        assertEquals(0, ctl.run("config", "set", "notifyBrokerRoleChanged", "true", "--only", second), ctl::errors);
        assertEquals(Map.of("n1", "true"), changed);
        other.close();
        assertEquals(3, ctl.run("config", "set", "notifyBrokerRoleChanged", "true"));
        assertTrue(ctl.errors().contains("nothing was changed"), ctl.errors());
    }

    @Test
    void whatMayLoseMessagesMustBeMeant() {
        assertEquals(2, ctl.run("config", "set", "enableElectUncleanMaster", "true"));
        assertEquals(Map.of(), changed);
        assertEquals(0, ctl.run("config", "set", "enableElectUncleanMaster", "true", "--yes"), ctl::errors);
    }

    private static ConfigValue value(String key, String value) {
        return ConfigValue.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void controllersThatHoldTheSameAreVerified() {
        assertEquals(0, ctl.run("verify"));
        assertTrue(ctl.output().contains("hold the same"), ctl.output());
        assertTrue(ctl.output().contains("0100000000000000"), ctl.output());
    }

    @Test
    void controllersThatPartedAreNamed() {
        otherHash = hash(2);
        assertEquals(1, ctl.run("verify"));
        assertTrue(ctl.output().contains("different states"), ctl.output());
    }

    @Test
    void controllersThatTellOfAnotherMomentCannotBeCompared() {
        otherSequence = 5;
        assertEquals(3, ctl.run("verify"));
        assertTrue(ctl.output().contains("could not be compared"), ctl.output());
    }

    @Test
    void aFileIsCheckedAsTheDaemonWould() throws IOException {
        Path right = Files.writeString(
                folder.resolve("right.conf"),
                "controllerDLegerGroup=g\ncontrollerDLegerPeers=n0-127.0.0.1:9877\ncontrollerDLegerSelfId=n0\n");
        Path wrong = Files.writeString(folder.resolve("wrong.conf"), "httpListenPorts=1\n");

        assertEquals(0, ctl.run("config", "check", right.toString()));
        assertEquals(right + " is right\n", ctl.output());
        assertEquals(1, ctl.run("config", "check", right.toString(), wrong.toString(), "-o", "json"));
        assertTrue(ctl.output().contains("did you mean httpListenPort?"), ctl.output());
        assertEquals(1, ctl.run("config", "check", wrong.toString(), "-o", "plain"));
        assertTrue(ctl.output().startsWith(wrong + "\t"), ctl.output());
    }

    @Test
    void valuesThatDifferAreShownForEachController() {
        assertEquals(0, ctl.run("config", "diff"));
        otherValue = "2000";
        assertEquals(1, ctl.run("config", "diff", "-o", "plain"));
        assertEquals("raftElectionTimeoutMs\t2000\t1000\n", ctl.output());
    }

    @Test
    void theLevelOfALoggerIsSetEverywhere() {
        assertEquals(0, ctl.run("log", "level", "-o", "plain"));
        assertTrue(ctl.output().matches("(?s)127[^\t]*\tINFO\n127[^\t]*\tINFO\n"), ctl.output());
        assertEquals(0, ctl.run("log", "level", "debug", "--logger", "io.mqcontroller", "-o", "plain"));
        assertTrue(ctl.output().contains("\tDEBUG\n"), ctl.output());
    }

    @Test
    void aBundleHasWhatCouldBeHadAndNamesTheRest() throws IOException {
        Path file = folder.resolve("bundle.zip");
        assertEquals(0, ctl.run("debug", "bundle", "--to", file.toString()));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String status =
                    new String(zip.getInputStream(zip.getEntry("status.json")).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(status.contains("\"kind\" : \"Status\""), status);
            String groups =
                    new String(zip.getInputStream(zip.getEntry("groups.json")).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(groups.contains("not here"), groups);
            String folder = ctl.controller().endpoint().toString().replace(':', '_');
            assertEquals("all is well\n", text(zip, folder + "/log.txt"));
            assertEquals(
                    "too old for it\n", text(zip, other.endpoint().toString().replace(':', '_') + "/missing.txt"));
            assertTrue(text(zip, "mqctl.txt").startsWith("mqctl "));
        }
        assertEquals(4, ctl.run("debug", "bundle", "--to", file.toString()));
        assertEquals("mqctl: " + file + " is there already; nothing was written\n", ctl.errors());
        assertEquals(
                1,
                ctl.run("debug", "bundle", "--to", folder.resolve("none/b.zip").toString()));
        assertTrue(ctl.errors().contains("there is no such folder"), ctl.errors());
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
