package io.mqcontroller.controller.rpc.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.CleanGroupReply;
import io.mqcontroller.proto.controller.ConfigChangeReply;
import io.mqcontroller.proto.controller.ConfigReply;
import io.mqcontroller.proto.controller.ConfigValue;
import io.mqcontroller.proto.controller.DiagnosticsReply;
import io.mqcontroller.proto.controller.DiagnosticsText;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import io.mqcontroller.proto.controller.EventsReply;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.LogLevelReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.SnapshotReply;
import io.mqcontroller.proto.controller.StateHashReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tools of this version read is what controllers of later ones must go on writing. */
class OperatorGoldenTest {
    private static final GroupName GROUP =
            GroupName.newBuilder().setCluster("C").setBrokerName("g").build();

    private static OperatorReply groups() {
        return OperatorReply.newBuilder()
                .setGroups(GroupsReply.newBuilder()
                        .setMore(true)
                        .addGroups(GroupDetails.newBuilder()
                                .setGroup(GROUP)
                                .setMaster(1)
                                .setMasterEpoch(4)
                                .addAllSyncStateSet(List.of(1L, 2L))
                                .setSyncStateSetEpoch(9)
                                .setEverElected(true)
                                .setLeaseLeftMs(11)
                                .setLeaseGivenBack(true)
                                .setTrouble("what")
                                .addReplicas(ReplicaDetails.newBuilder()
                                        .setBrokerId(2)
                                        .setAddress("a:1")
                                        .setHaAddress("a:2")
                                        .setAgent(true)
                                        .setAlive(true)
                                        .setSilentMs(-1)
                                        .addHeardThrough("n0")
                                        .setTimeoutMs(2000)
                                        .setLastEpoch(-1)
                                        .setMaxOffset(-1)
                                        .setConfirmOffset(-1)
                                        .setPriority(7)
                                        .setNotElectable("why")
                                        .setRole(AgentRole.SLAVE)
                                        .setLeaseRemainingMs(5)
                                        .setFencings(6)
                                        .setLagKnown(true)
                                        .setLagBytes(8)
                                        .setLagMs(9)
                                        .setConnectedToMaster(true))))
                .build();
    }

    private static OperatorReply events() {
        return OperatorReply.newBuilder()
                .setEvents(EventsReply.newBuilder()
                        .addEvents(Event.newBuilder()
                                .setIndex(12)
                                .setOrdinal(1)
                                .setTerm(3)
                                .setAtWallMs(1000)
                                .setKind(EventKind.MASTER_CHANGED)
                                .setGroup(GROUP)
                                .setMasterBefore(1)
                                .setMaster(2)
                                .setMasterEpoch(5)
                                .addAllSyncStateSetBefore(List.of(1L, 2L))
                                .addSyncStateSet(2)
                                .setSyncStateSetEpoch(9)
                                .setCause("c")
                                .setUnclean(true)
                                .setDecidedHere(true)
                                .addInputs("i")
                                .setDurationMs(130)
                                .setLeader("n1")))
                .build();
    }

    private static List<OperatorReply> replies() {
        return List.of(
                groups(),
                events(),
                OperatorReply.newBuilder()
                        .setStateHash(StateHashReply.newBuilder()
                                .setKnown(true)
                                .setDecidedTerm(2)
                                .setSequence(4)
                                .setHash(ByteString.copyFrom(new byte[] {0, -1}))
                                .setGroups(1))
                        .build(),
                OperatorReply.newBuilder()
                        .setCleanGroup(CleanGroupReply.getDefaultInstance())
                        .build(),
                OperatorReply.newBuilder()
                        .setLogLevel(LogLevelReply.newBuilder().setLogger("l").setLevel("INFO"))
                        .build(),
                OperatorReply.newBuilder()
                        .setConfig(ConfigReply.newBuilder()
                                .addValues(ConfigValue.newBuilder().setKey("k").setValue("v")))
                        .build(),
                OperatorReply.newBuilder()
                        .setSnapshot(SnapshotReply.newBuilder()
                                .setCapture(1)
                                .setControllerCluster("demo")
                                .setIndex(2)
                                .setTerm(3)
                                .setTotalBytes(4)
                                .setPart(ByteString.copyFrom(new byte[] {5})))
                        .build(),
                OperatorReply.newBuilder()
                        .setConfigChange(ConfigChangeReply.newBuilder().setValueBefore("v"))
                        .build(),
                OperatorReply.newBuilder()
                        .setDiagnostics(DiagnosticsReply.newBuilder()
                                .addTexts(DiagnosticsText.newBuilder()
                                        .setName("n")
                                        .setText("t")))
                        .build());
    }

    @Test
    void theBytesStayAsTheyWere() throws IOException {
        try (InputStream in = OperatorGoldenTest.class.getResourceAsStream("/golden/operator-replies-v1.hex")) {
            List<String> golden = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            for (int i = 0; i < golden.size(); i++) {
                assertEquals(
                        golden.get(i), HexFormat.of().formatHex(replies().get(i).toByteArray()));
                assertEquals(
                        replies().get(i), OperatorReply.parseFrom(HexFormat.of().parseHex(golden.get(i))));
            }
        }
    }
}
