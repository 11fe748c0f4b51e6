package io.mqcontroller.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.StateCheckpoint;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.AgentsView;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.SlaveView;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.ClosedBecause;
import io.mqcontroller.controller.remoting.RequestCode;
import io.mqcontroller.controller.rpc.RpcObserver;
import io.mqcontroller.controller.rpc.agent.AgentObserver;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import io.mqcontroller.raft.node.ProposalResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static final NodeId SELF = new NodeId("n0");
    private static final NodeId PEER = new NodeId("n1");

    @TempDir
    Path folder;

    private Metrics metrics;
    private RaftMetrics raft;
    private ControllerMetrics controller;
    private RemotingMetrics remoting;
    private RpcMetrics rpc;
    private AgentMetrics agents;
    private ControllerView view = ControllerView.EMPTY;
    private StateCheckpoint checkpoint = StateCheckpoint.NONE;
    private List<NodeId> members = List.of(SELF, PEER);
    private RaftStatus status = leading(List.of());

    @BeforeEach
    void create() {
        metrics = new Metrics("1.2.3", folder);
        raft = new RaftMetrics(metrics);
        controller = new ControllerMetrics(metrics);
        controller.watch(() -> view, () -> 3);
        controller.watchConfiguration(() -> 7);
        new StateMetrics(metrics, () -> checkpoint);
        remoting = new RemotingMetrics(metrics);
        rpc = new RpcMetrics(metrics);
        agents = new AgentMetrics(metrics);
        raft.watch(() -> status);
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void everyMetricHasHelpAndANameByTheRules() {
        Map<String, String> types = new HashMap<>();
        Map<String, String> help = new HashMap<>();
        for (String line : scrape().split("\n")) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else if (line.startsWith("# HELP ")) {
                help.put(words[2], words.length > 3 ? words[3].strip() : "");
            }
        }
        assertTrue(types.size() > 40, types.toString());
        types.forEach((name, type) -> {
            assertTrue(name.matches("(mqcontroller|jvm|process|system)_[a-z0-9_]+"), name);
            assertTrue(help.getOrDefault(name, "").length() > 3, name + " has no help");
            assertEquals(type.equals("counter"), name.endsWith("_total"), name + " is a " + type);
            if (type.equals("gauge")) {
                assertTrue(!name.endsWith("_count") && !name.endsWith("_sum") && !name.endsWith("_bucket"), name);
            }
        });
    }

    @Test
    void durationsAreInSecondsWithFixedBuckets() {
        raft.onSynced(3_000_000, 7);

        String text = scrape();
        assertHas(text, "mqcontroller_fsync_duration_seconds_bucket{le=\"0.002\"} 0");
        assertHas(text, "mqcontroller_fsync_duration_seconds_bucket{le=\"0.005\"} 1");
        assertHas(text, "mqcontroller_fsync_duration_seconds_count 1");
        assertHas(text, "mqcontroller_synced_entries_total 7.0");
    }

    @Test
    void proposalsThatFailAreCountedByReason() {
        raft.onNotCommitted(new ProposalResult.NotDone(Rejection.NOT_LEADER, Optional.empty()));
        raft.onNotCommitted(new ProposalResult.Unknown());

        assertHas(scrape(), "mqcontroller_proposals_failed_total{reason=\"not_leader\"} 1.0");
        assertHas(scrape(), "mqcontroller_proposals_failed_total{reason=\"unknown_outcome\"} 1.0");
    }

    @Test
    void theSameLeaderAgainIsNoChange() {
        raft.onRoleChanged(RoleName.FOLLOWER, 1, Optional.of(PEER));
        raft.onRoleChanged(RoleName.FOLLOWER, 2, Optional.empty());
        raft.onRoleChanged(RoleName.FOLLOWER, 2, Optional.of(PEER));
        assertHas(scrape(), "mqcontroller_leader_changes_total 1.0");

        raft.onRoleChanged(RoleName.LEADER, 3, Optional.of(SELF));
        assertHas(scrape(), "mqcontroller_leader_changes_total 2.0");
    }

    @Test
    void electionsAreCountedByReasonAndResult() {
        GroupKey group = new GroupKey("c", "g");
        controller.onElection(group, ElectionReason.MASTER_DEAD, Optional.of(new BrokerId(2)), false);
        controller.onElection(group, ElectionReason.MASTER_DEAD, Optional.empty(), false);
        controller.onElection(group, ElectionReason.OPERATOR, Optional.of(new BrokerId(3)), true);

        String text = scrape();
        assertHas(text, "mqcontroller_elections_total{reason=\"master_dead\",result=\"elected\"} 1.0");
        assertHas(text, "mqcontroller_elections_total{reason=\"master_dead\",result=\"nobody\"} 1.0");
        assertHas(text, "mqcontroller_unclean_elections_total 1.0");
    }

    @Test
    void leasesAndAgentsAreCounted() {
        GroupKey group = new GroupKey("c", "g");
        controller.onLeaseGranted(group);
        controller.onLeaseRefused(group, LeaseRefusal.BEING_REPLACED);
        controller.onLeaseGivenBack(group);
        controller.onElectionHeldUp(group, 700);
        controller.onAgentHeartbeat(3);
        agents.onConnectionOpened();
        agents.onConnectionCut(AgentObserver.Cut.SLOW_READER);
        agents.onRequest(ClientFrame.KindCase.HEARTBEAT, StatusCode.OK, 1_000_000);
        agents.onRequest(ClientFrame.KindCase.REGISTER, StatusCode.BROKER_ID_TAKEN, 1_000_000);
        agents.onPush(true);
        view = new ControllerView(
                ClusterMetadata.EMPTY,
                true,
                4,
                Optional.of(SELF),
                9,
                7,
                0,
                1,
                2,
                3,
                1,
                0,
                0,
                5,
                1,
                new AgentsView(
                        2,
                        3,
                        1,
                        1_500,
                        3,
                        1,
                        3_200,
                        4_096,
                        List.of(new SlaveView(group, new AgentStatus.Slave(new BrokerId(2), 4_096, 3_200, true)))));

        String text = scrape();
        assertHas(text, "mqcontroller_leases_granted_total 1.0");
        assertHas(text, "mqcontroller_leases_refused_total{reason=\"being_replaced\"} 1.0");
        assertHas(text, "mqcontroller_leases_given_back_total 1.0");
        assertHas(text, "mqcontroller_elections_held_up_total 1.0");
        assertHas(text, "mqcontroller_heartbeats_total{from=\"agent\"} 1.0");
        assertHas(text, "mqcontroller_fencings_total 3.0");
        assertHas(text, "mqcontroller_connections{listener=\"agent\"} 1.0");
        assertHas(text, "mqcontroller_rejected_total{reason=\"slow_reader\"} 1.0");
        assertHas(text, "mqcontroller_agent_requests_total{kind=\"heartbeat\",result=\"ok\"} 1.0");
        assertHas(text, "mqcontroller_agent_requests_total{kind=\"register\",result=\"refused\"} 1.0");
        assertHas(text, "mqcontroller_agent_pushes_total{result=\"sent\"} 1.0");
        assertHas(text, "mqcontroller_agents_master 2.0");
        assertHas(text, "mqcontroller_agents_fenced 1.0");
        assertHas(text, "mqcontroller_slaves_disconnected 1.0");
        assertHas(text, "mqcontroller_slave_lag_max_seconds 3.2");
        assertHas(text, "mqcontroller_slave_lag_bytes_max 4096.0");
        assertHas(text, "mqcontroller_agent_lease_remaining_min_seconds 1.5");
        assertHas(text, "mqcontroller_broker_groups_mixed 1.0");
        assertHas(text, "mqcontroller_replicas_with_agent 5.0");
        assertTrue(!text.contains("broker_name"), "no series for each broker unless they are asked for");
        new SlaveMetrics(metrics, () -> view);
        String labels = "{broker_id=\"2\",broker_name=\"g\",cluster=\"c\"}";
        assertHas(scrape(), "mqcontroller_slave_lag_seconds" + labels + " 3.2");
        assertHas(scrape(), "mqcontroller_slave_lag_bytes" + labels + " 4096.0");
        assertHas(scrape(), "mqcontroller_slave_connected" + labels + " 1.0");
        view = ControllerView.EMPTY;
        assertTrue(!scrape().contains("broker_name"), "gone with the leadership");
    }

    @Test
    void whatOnlyALeaderKnowsIsNotANumberElsewhere() {
        assertHas(scrape(), "mqcontroller_masters_missing NaN");
        assertHas(scrape(), "mqcontroller_heartbeat_lag_max_seconds NaN");

        view = new ControllerView(
                ClusterMetadata.EMPTY,
                true,
                4,
                Optional.of(SELF),
                9,
                7,
                4_500,
                1,
                2,
                3,
                1,
                0,
                0,
                5,
                1,
                AgentsView.NONE);

        assertHas(scrape(), "mqcontroller_masters_missing 5.0");
        assertHas(scrape(), "mqcontroller_replicas_alive 7.0");
        assertHas(scrape(), "mqcontroller_heartbeat_lag_max_seconds 4.5");
        assertHas(scrape(), "mqcontroller_isr_size_min 1.0");
    }

    @Test
    void theHashOfTheStateIsShownWithTheEntryAfterWhichItWasTaken() {
        assertHas(scrape(), "mqcontroller_state_checkpoint_index NaN");
        assertHas(scrape(), "mqcontroller_state_checkpoint_hash NaN");

        checkpoint = new StateCheckpoint(100, new ReplicatedState(ClusterMetadata.EMPTY, 1, 7));
        String text = scrape();
        assertHas(text, "mqcontroller_state_checkpoint_index 100.0");
        String hash = hashIn(text);

        checkpoint = new StateCheckpoint(200, new ReplicatedState(ClusterMetadata.EMPTY, 1, 8));
        assertNotEquals(hash, hashIn(scrape()));
        checkpoint = new StateCheckpoint(100, new ReplicatedState(ClusterMetadata.EMPTY, 1, 7));
        assertEquals(hash, hashIn(scrape()));
    }

    private static String hashIn(String text) {
        return text.lines()
                .filter(line -> line.startsWith("mqcontroller_state_checkpoint_hash "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void requestsAreCountedByCodeAndResultWithoutSeriesForStrangersNumbers() {
        remoting.onRequest(RequestCode.ALTER_SYNC_STATE_SET, 0, 2_000_000);
        remoting.onRequest(RequestCode.ALTER_SYNC_STATE_SET, 2007, 1_000);
        remoting.onRequest(31_337, 3, 1_000);

        String text = scrape();
        assertHas(text, "mqcontroller_requests_total{code=\"1001\",result=\"ok\"} 1.0");
        assertHas(text, "mqcontroller_requests_total{code=\"1001\",result=\"not_leader\"} 1.0");
        assertHas(text, "mqcontroller_requests_total{code=\"unknown\",result=\"refused\"} 1.0");
        assertHas(text, "mqcontroller_request_duration_seconds_count{code=\"1001\"} 2");
    }

    @Test
    void connectionsThatAreEndedAreCountedByReason() {
        remoting.onConnectionOpened();
        remoting.onConnectionCut(ClosedBecause.OVERSIZED_FRAME);
        rpc.onTurnedAway(RpcObserver.Turned.HTTP);

        String text = scrape();
        assertHas(text, "mqcontroller_connections{listener=\"remoting\"} 1.0");
        assertHas(text, "mqcontroller_rejected_total{reason=\"oversized_frame\"} 1.0");
        assertHas(text, "mqcontroller_rejected_total{reason=\"http\"} 1.0");
    }

    @Test
    void followersShowOnTheLeaderHowFarTheyAre() {
        assertHas(scrape(), "mqcontroller_follower_lag_entries{peer=\"n1\"} NaN");

        status = leading(List.of(new RaftStatus.FollowerStatus(PEER, 90, 101, 2, 5, 1_250, false)));

        assertHas(scrape(), "mqcontroller_follower_lag_entries{peer=\"n1\"} 10.0");
        assertHas(scrape(), "mqcontroller_follower_lag_seconds{peer=\"n1\"} 1.25");
        assertHas(scrape(), "mqcontroller_cluster_voters 2.0");

        members = List.of(SELF, new NodeId("n2"));
        status = leading(List.of());
        assertHas(scrape(), "mqcontroller_follower_lag_entries{peer=\"n2\"} NaN");
        assertFalse(scrape().contains("peer=\"n1\""), "a member that was removed has no series");
        assertHas(scrape(), "mqcontroller_is_leader 1.0");
    }

    private RaftStatus leading(List<RaftStatus.FollowerStatus> followers) {
        return new RaftStatus(
                SELF,
                RoleName.LEADER,
                true,
                3,
                Optional.of(SELF),
                95,
                95,
                new LogPosition(3, 100),
                100,
                new LogPosition(2, 50),
                0,
                followers,
                StoreHealth.SOUND,
                Configuration.ofVoters(members),
                1);
    }

    private static void assertHas(String text, String line) {
        assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in:\n" + text);
    }

    private String scrape() {
        return new String(metrics.page().answer(new HttpPage.Query("", false)).body(), StandardCharsets.UTF_8);
    }
}
