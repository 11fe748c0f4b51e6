package io.mqcontroller.controller.remoting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields, bodies and numbers as captured from Apache RocketMQ 5.3.3. */
class RequestCodeRouterTest {
    private static final String SET = "{\"syncStateSet\":[1,2],\"syncStateSetEpoch\":8}";

    private final TestConnection connection = new TestConnection();

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void theAnswerIsInTheTypeOfTheRequestWithItsOpaque(HeaderType type) {
        ReceivedAnswer answer = connection.call(Frames.request(type, 1004, -77, "", "brokerName", "b"));
        assertEquals(type, answer.type());
        assertEquals(-77, answer.opaque());
        assertEquals(1, answer.flag());
    }

    @Test
    void replicaInfoNamesTheRecordedMasterAliveOrNot() {
        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.JSON, 1004, 1, "", "brokerName", "b"));
        assertEquals(
                Map.of("masterAddress", "127.0.0.1:10911", "masterBrokerId", "1", "masterEpoch", "3"), answer.fields());
        assertEquals(SET, answer.body());
        assertEquals(List.of(new GroupRef(Optional.empty(), "b", connectionId())), connection.service.calls);
    }

    @Test
    void replicaInfoWithoutAMasterHasOnlyItsEpoch() {
        tell(new Reply.Done<>(FakeControllerService.view(FakeControllerService.group(0, 4, List.of(1L), 9), false)));
        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.BINARY, 1004, 1, "", "brokerName", "b"));
        assertEquals(Map.of("masterEpoch", "4"), answer.fields());
    }

    @Test
    void alterAnswersTheSetInForce() {
        ReceivedAnswer answer = connection.call(Frames.request(
                HeaderType.JSON,
                1001,
                2,
                "{\"syncStateSet\":[1,2],\"syncStateSetEpoch\":7}",
                "brokerName",
                "b",
                "invokeTime",
                "1795196389348",
                "masterBrokerId",
                "1",
                "masterEpoch",
                "3"));
        assertEquals(0, answer.code());
        assertEquals(Map.of("newSyncStateSetEpoch", "8"), answer.fields());
        assertEquals(SET, answer.body());
        assertEquals(
                List.of(new AlterSyncStateSet(
                        new GroupRef(Optional.empty(), "b", connectionId()),
                        new BrokerId(1),
                        3,
                        new TreeSet<>(List.of(new BrokerId(1), new BrokerId(2))),
                        7)),
                connection.service.calls);
    }

    @Test
    void electionAnswersInBothShapes() {
        ReceivedAnswer answer = connection.call(elect("1", "true"));
        assertEquals(0, answer.code());
        assertEquals(
                Map.of(
                        "masterAddress", "127.0.0.1:10911",
                        "masterBrokerId", "1",
                        "masterEpoch", "4",
                        "syncStateSetEpoch", "9"),
                answer.fields());
        String addresses = "\"brokerAddrs\":{\"1\":\"127.0.0.1:10911\",\"2\":\"127.0.0.1:10921\"}";
        assertEquals(
                "{" + addresses + ",\"brokerMemberGroup\":{" + addresses
                        + ",\"brokerName\":\"b\",\"cluster\":\"C\"},\"brokerName\":\"b\",\"cluster\":\"C\","
                        + "\"syncStateSet\":[1]}",
                answer.body());
        assertEquals(
                List.of(new ElectMaster(
                        new GroupRef(Optional.of("C"), "b", connectionId()), Optional.of(new BrokerId(1)), true)),
                connection.service.calls);
    }

    @Test
    void anElectionThatChangedNothingIs2011WithTheSetOnly() {
        tell(new Reply.Done<>(new Elected(FakeControllerService.view(FakeControllerService.GROUP, true), false)));
        ReceivedAnswer answer = connection.call(elect("1", "false"));
        assertEquals(2011, answer.code());
        assertEquals("3", answer.fields().get("masterEpoch"));
        assertEquals("8", answer.fields().get("syncStateSetEpoch"));
        assertEquals("{\"syncStateSet\":[1,2]}", answer.body());
    }

    @Test
    void anElectionWithoutAnIdNamesNoRequester() {
        connection.call(elect("-1", "false"));
        ElectMaster asked = (ElectMaster) connection.service.calls.get(0);
        assertEquals(Optional.empty(), asked.requester());
        assertFalse(asked.designate());
    }

    @Test
    void anElectionThatAnOperatorAskedForIsPartOfTheHistoryAndABrokersIsNot() {
        connection.call(elect("1", "false"));
        assertEquals(List.of(), connection.history.all());

        connection.call(elect("2", "true"));

        HistoryEvent told = connection.history.all().get(0).event();
        assertEquals("elect 2", told.operation().orElseThrow().what());
        assertEquals("embedded", told.operation().orElseThrow().by());
    }

    @Test
    void registrationNamesALivingMasterOnly() {
        assertEquals(
                Map.of(
                        "brokerName", "b",
                        "clusterName", "C",
                        "masterAddress", "127.0.0.1:10911",
                        "masterBrokerId", "1",
                        "masterEpoch", "3",
                        "syncStateSetEpoch", "8"),
                connection.call(register()).fields());

        tell(new Reply.Done<>(FakeControllerService.view(FakeControllerService.GROUP, false)));
        ReceivedAnswer answer = connection.call(register());
        assertEquals(Map.of("brokerName", "b", "clusterName", "C"), answer.fields());
        assertEquals(SET, answer.body());
    }

    @Test
    void anyControllerTellsWhoLeads() {
        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.JSON, 1005, 3, ""));
        assertEquals(0, answer.code());
        assertEquals(
                Map.of(
                        "group", "group1",
                        "controllerLeaderId", "n0",
                        "controllerLeaderAddress", "127.0.0.1:9878",
                        "isLeader", "true",
                        "peers", "n0:127.0.0.1:9878;n1:127.0.0.1:9879;"),
                answer.fields());
        assertEquals("", answer.body());
    }

    @Test
    void theMembersAreThoseOfTheConfigurationInForce() {
        NodeId n2 = new NodeId("n2");
        NodeId learner = new NodeId("n3");
        Configuration configuration = new Configuration(
                new TreeMap<>(Map.of(
                        TestConnection.N0,
                        ConfiguredMember.bootstrapped(TestConnection.N0, ""),
                        n2,
                        new ConfiguredMember(n2, "10.0.0.2:1,outside:2", 5),
                        learner,
                        new ConfiguredMember(learner, "10.0.0.3:1", 6))),
                new TreeSet<>(List.of(TestConnection.N0, n2)),
                new TreeSet<>(),
                new TreeSet<>(List.of(learner)),
                new TreeSet<>(List.of(TestConnection.N1)));
        List<String> fields = TestConnection.members(TestConnection.status(RoleName.FOLLOWER, false, n2, configuration))
                .metadataInfo()
                .namesAndValues()
                .orElseThrow();
        assertEquals("n0:127.0.0.1:9878;n2:outside:2;", fields.get(fields.indexOf("peers") + 1));
        assertEquals("outside:2", fields.get(fields.indexOf("controllerLeaderAddress") + 1));
    }

    @Test
    void noLeaderIsNamedWhileNobodyCanAnswer() {
        for (ControllerMembers members : List.of(
                TestConnection.members(TestConnection.status(RoleName.CANDIDATE, false, null)),
                TestConnection.members(TestConnection.status(RoleName.LEADER, false, TestConnection.N0)))) {
            List<String> fields = members.metadataInfo().namesAndValues().orElseThrow();
            assertFalse(fields.contains("controllerLeaderAddress"));
            assertEquals("false", fields.get(fields.indexOf("isLeader") + 1));
        }
        List<String> fields = TestConnection.members(TestConnection.status(RoleName.FOLLOWER, false, TestConnection.N1))
                .metadataInfo()
                .namesAndValues()
                .orElseThrow();
        assertEquals("127.0.0.1:9879", fields.get(fields.indexOf("controllerLeaderAddress") + 1));
        assertEquals("false", fields.get(fields.indexOf("isLeader") + 1));
    }

    @Test
    void syncStateDataShowsWhoIsInSyncAndAlive() {
        tell(new Reply.Done<>(
                List.of(FakeControllerService.view(FakeControllerService.group(1, 3, List.of(1L), 8), true))));
        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.JSON, 1006, 4, "[\"b\",\"c\"]"));
        assertEquals(
                "{\"replicasInfoTable\":{\"b\":{\"inSyncReplicas\":[{\"alive\":true,"
                        + "\"brokerAddress\":\"127.0.0.1:10911\",\"brokerId\":1,\"brokerName\":\"b\"}],"
                        + "\"masterAddress\":\"127.0.0.1:10911\",\"masterBrokerId\":1,\"masterEpoch\":3,"
                        + "\"notInSyncReplicas\":[{\"alive\":false,\"brokerAddress\":\"127.0.0.1:10921\","
                        + "\"brokerId\":2,\"brokerName\":\"b\"}],\"syncStateSetEpoch\":8}}}",
                answer.body());
        assertNull(answer.fields());
        assertEquals(List.of(List.of("b", "c")), connection.service.calls);
    }

    @Test
    void syncStateDataWithoutAMasterLeavesItOut() {
        BrokerGroup group = FakeControllerService.group(0, 3, List.of(), 8);
        tell(new Reply.Done<>(List.of(FakeControllerService.view(group, false))));
        String body = connection
                .call(Frames.request(HeaderType.JSON, 1006, 4, "[\"b\"]"))
                .body();
        assertTrue(body.contains("{\"inSyncReplicas\":[],\"masterEpoch\":3,"), body);
    }

    @Test
    void idsAreHandedOut() {
        assertEquals(
                Map.of("brokerName", "b", "clusterName", "C", "nextBrokerId", "1"),
                connection
                        .call(Frames.request(HeaderType.JSON, 1012, 5, "", "clusterName", "C", "brokerName", "b"))
                        .fields());
        assertEquals(
                Map.of("brokerName", "b", "clusterName", "C"),
                connection.call(apply()).fields());
    }

    @Test
    void cleaningTakesIdsOrTheWholeGroup() {
        assertEquals(
                0,
                connection
                        .call(Frames.request(
                                HeaderType.JSON,
                                1011,
                                6,
                                "",
                                "clusterName",
                                "C",
                                "brokerName",
                                "b",
                                "brokerControllerIdsToClean",
                                "3;1",
                                "isCleanLivingBroker",
                                "true"))
                        .code());
        assertEquals(
                0,
                connection
                        .call(Frames.request(HeaderType.JSON, 1011, 6, "", "brokerName", "b"))
                        .code());
        assertEquals(
                List.of(
                        new CleanBrokers(
                                new GroupRef(Optional.of("C"), "b", connectionId()),
                                new TreeSet<>(List.of(new BrokerId(1), new BrokerId(3))),
                                true),
                        new CleanBrokers(new GroupRef(Optional.empty(), "b", connectionId()), new TreeSet<>(), false)),
                connection.service.calls);
    }

    @Test
    void configurationIsReadAndChanged() {
        assertEquals(
                "enableElectUncleanMaster=false\n",
                connection.call(Frames.request(HeaderType.JSON, 1010, 7, "")).body());
        assertEquals(
                0,
                connection
                        .call(Frames.request(HeaderType.JSON, 1009, 7, "enableElectUncleanMaster=true\n"))
                        .code());
        assertEquals("true", connection.configuration.get("enableElectUncleanMaster"));

        ReceivedAnswer refused = connection.call(Frames.request(HeaderType.JSON, 1009, 7, "configStorePath=/x\n"));
        assertEquals(16, refused.code());
        assertTrue(refused.remark().contains("configStorePath"));
        assertEquals(
                2005,
                connection
                        .call(Frames.request(HeaderType.JSON, 1009, 7, "a=\\u12"))
                        .code());
        assertEquals(
                0, connection.call(Frames.request(HeaderType.JSON, 1009, 7, "")).code());
    }

    @Test
    void aHeartbeatIsTakenInFullAndNotAnswered() {
        assertNull(connection.call(heartbeat(FrameWriter.ONEWAY_REQUEST)));
        assertEquals(
                List.of(new Heartbeat(
                        FakeControllerService.KEY,
                        new BrokerId(1),
                        "127.0.0.1:10911",
                        3,
                        100,
                        90,
                        10_000,
                        Integer.MAX_VALUE,
                        connectionId())),
                connection.service.calls);
        assertEquals(0, connection.call(heartbeat(FrameWriter.REQUEST)).code());
    }

    @Test
    void aHeartbeatWithoutNumbersGetsTheDefaults() {
        connection.call(Frames.message(
                HeaderType.JSON,
                904,
                1,
                FrameWriter.ONEWAY_REQUEST,
                "",
                "brokerAddr",
                "127.0.0.1:10911",
                "brokerId",
                "1",
                "brokerName",
                "b",
                "clusterName",
                "C"));
        assertEquals(
                List.of(new Heartbeat(
                        FakeControllerService.KEY,
                        new BrokerId(1),
                        "127.0.0.1:10911",
                        -1,
                        -1,
                        -1,
                        10_000,
                        Integer.MAX_VALUE,
                        connectionId())),
                connection.service.calls);
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST,1001,2005",
        "BAD_REQUEST,1003,2005",
        "BAD_REQUEST,1011,2009",
        "BAD_REQUEST,1006,1",
        "UNKNOWN_GROUP,1001,2013",
        "UNKNOWN_GROUP,1002,2010",
        "UNKNOWN_GROUP,1003,2010",
        "UNKNOWN_GROUP,1004,2008",
        "UNKNOWN_GROUP,1011,2009",
        "AMBIGUOUS_GROUP,1004,1",
        "UNKNOWN_REPLICA,1001,2003",
        "UNKNOWN_REPLICA,1002,2010",
        "UNKNOWN_REPLICA,1003,2010",
        "UNKNOWN_REPLICA,1011,2009",
        "BROKER_ID_TAKEN,1013,2014",
        "NOT_THE_MASTER,1001,2002",
        "STALE_MASTER_EPOCH,1001,2000",
        "STALE_SYNC_STATE_SET_EPOCH,1001,2001",
        "REPLICA_NOT_ALIVE,1001,2006",
        "BAD_SYNC_STATE_SET,1001,2013",
        "NO_ELIGIBLE_REPLICA,1002,2012",
        "CLEAN_REFUSED,1011,2009",
        "OVERLOADED,1004,2"
    })
    void eachRefusalHasItsNumber(Refusal refusal, int request, int expected) {
        assertEquals(expected, ResponseCode.of(request, refusal));
    }

    @Test
    void aRefusalCarriesItsReasonAndTheFieldsThatApacheSends() {
        tell(new Reply.Refused<>(Refusal.STALE_MASTER_EPOCH, "epoch 4 is older than 5"));
        ReceivedAnswer alter = connection.call(Frames.request(
                HeaderType.JSON, 1001, 2, SET, "brokerName", "b", "masterBrokerId", "1", "masterEpoch", "3"));
        assertEquals(2000, alter.code());
        assertEquals("epoch 4 is older than 5", alter.remark());
        assertEquals(Map.of("newSyncStateSetEpoch", "0"), alter.fields());

        tell(new Reply.Refused<>(Refusal.UNKNOWN_REPLICA, "no"));
        assertEquals(
                Map.of("brokerName", "b", "clusterName", "C"),
                connection.call(register()).fields());
        assertEquals(
                Map.of("brokerName", "b", "clusterName", "C"),
                connection.call(apply()).fields());
        assertEquals(Map.of(), connection.call(elect("1", "false")).fields());
    }

    @Test
    void whoDoesNotLeadSaysWhoDoes() {
        tell(new Reply.NotLeader<>(Optional.of(TestConnection.N1)));
        ReceivedAnswer answer = connection.call(register());
        assertEquals(2007, answer.code());
        assertTrue(answer.remark().contains("n1 at 127.0.0.1:9879"), answer.remark());
        assertNull(answer.fields());

        tell(new Reply.NotLeader<>(Optional.empty()));
        assertEquals(2007, connection.call(register()).code());
    }

    @Test
    void anUnknownOutcomeAndAFailureAreSystemErrors() {
        tell(new Reply.Indeterminate<>("leadership was lost"));
        ReceivedAnswer unknown = connection.call(register());
        assertEquals(1, unknown.code());
        assertEquals("leadership was lost", unknown.remark());

        connection.service.next = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        assertEquals(1, connection.call(register()).code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 105, 903, 1000, 1007, 1008, 1014, 1018, 32767})
    void aCodeThatIsNotServedIsAnsweredByThree(int code) {
        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.JSON, code, 8, ""));
        assertEquals(3, answer.code());
        assertEquals(8, answer.opaque());
        assertTrue(answer.remark().contains(Integer.toString(code)));
    }

    @Test
    void aOnewayRequestIsServedButNeverAnswered() {
        for (int code : new int[] {1004, 1005, 1010, 4711}) {
            assertNull(connection.call(
                    Frames.message(HeaderType.JSON, code, 8, FrameWriter.ONEWAY_REQUEST, "", "brokerName", "b")));
        }
        assertEquals(1, connection.service.calls.size());
        assertEquals(List.of(0, 0, 0, 3), connection.responseCodes);
    }

    @Test
    void aResponseIsNotTakenForARequest() {
        assertNull(connection.call(Frames.message(HeaderType.JSON, 0, 8, FrameWriter.RESPONSE, "")));
        assertTrue(connection.channel.isOpen());
        assertEquals(List.of(), connection.responseCodes);
    }

    @Test
    void aRequestWithOnlyTheFourNeededMembersIsServed() {
        assertNotNull(connection.call(
                Frames.json("{\"code\":1004,\"flag\":0,\"opaque\":3,\"extFields\":{\"brokerName\":\"b\"}}", "")));
    }

    private void tell(Reply<?> reply) {
        connection.service.next = CompletableFuture.completedFuture(reply);
    }

    /** A test has one protocol object with one connection. */
    private static ConnectionId connectionId() {
        return new ConnectionId(1);
    }

    private static ByteBuf heartbeat(int flag) {
        return Frames.message(
                HeaderType.JSON,
                904,
                0,
                flag,
                "",
                "brokerAddr",
                "127.0.0.1:10911",
                "brokerId",
                "1",
                "brokerName",
                "b",
                "clusterName",
                "C",
                "confirmOffset",
                "90",
                "electionPriority",
                "2147483647",
                "epoch",
                "3",
                "heartbeatTimeoutMills",
                "10000",
                "maxOffset",
                "100");
    }

    private static ByteBuf elect(String id, String designate) {
        return Frames.request(
                HeaderType.JSON,
                1002,
                9,
                "",
                "brokerId",
                id,
                "brokerName",
                "b",
                "clusterName",
                "C",
                "designateElect",
                designate);
    }

    private static ByteBuf register() {
        return Frames.request(
                HeaderType.JSON,
                1003,
                9,
                "",
                "brokerAddress",
                "127.0.0.1:10911",
                "brokerId",
                "1",
                "brokerName",
                "b",
                "clusterName",
                "C");
    }

    private static ByteBuf apply() {
        return Frames.request(
                HeaderType.JSON,
                1013,
                9,
                "",
                "appliedBrokerId",
                "1",
                "brokerName",
                "b",
                "clusterName",
                "C",
                "registerCheckCode",
                "127.0.0.1:10911;1700000000000");
    }
}
