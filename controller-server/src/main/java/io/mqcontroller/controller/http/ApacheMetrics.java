package io.mqcontroller.controller.http;

import static java.util.Map.entry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.RequestCode;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The metrics of Apache's controller, by its names, labels, units and buckets, for boards and alarms that were made for it
 * ({@code metricsApacheNames}). They break rules of Prometheus that ours keep: no prefix, microseconds, labels in mixed case.
 */
public final class ApacheMetrics implements ApacheNames {
    private static final Map<Integer, String> REQUEST_TYPES = Map.ofEntries(
            entry(RequestCode.BROKER_HEARTBEAT, "CONTROLLER_BROKER_HEARTBEAT"),
            entry(RequestCode.ALTER_SYNC_STATE_SET, "CONTROLLER_ALTER_SYNC_STATE_SET"),
            entry(RequestCode.ELECT_MASTER, "CONTROLLER_ELECT_MASTER"),
            entry(RequestCode.REGISTER_BROKER, "CONTROLLER_REGISTER_BROKER"),
            entry(RequestCode.GET_REPLICA_INFO, "CONTROLLER_GET_REPLICA_INFO"),
            entry(RequestCode.GET_METADATA_INFO, "CONTROLLER_GET_METADATA_INFO"),
            entry(RequestCode.GET_SYNC_STATE_DATA, "CONTROLLER_GET_SYNC_STATE_DATA"),
            entry(RequestCode.UPDATE_CONTROLLER_CONFIG, "CONTROLLER_UPDATE_CONTROLLER_CONFIG"),
            entry(RequestCode.GET_CONTROLLER_CONFIG, "CONTROLLER_GET_CONTROLLER_CONFIG"),
            entry(RequestCode.CLEAN_BROKER_DATA, "CONTROLLER_CLEAN_BROKER_DATA"),
            entry(RequestCode.GET_NEXT_BROKER_ID, "CONTROLLER_GET_NEXT_BROKER_ID"),
            entry(RequestCode.APPLY_BROKER_ID, "CONTROLLER_APPLY_BROKER_ID"));

    /** 1, 3 and 5 of each power of ten, from a microsecond to 5 s, and 10 s. */
    private static final double[] BUCKETS_US = buckets();

    private final Metrics metrics;
    private final Tags common;

    /**
     * @param cluster {@code controllerDLegerGroup}
     * @param address where brokers reach this controller
     */
    public ApacheMetrics(Metrics metrics, String cluster, String self, String address) {
        this.metrics = metrics;
        common = Tags.of("address", address, "group", cluster, "peer_id", self, "otel_scope_name", "controller");
    }

    private static double[] buckets() {
        List<Double> buckets = new ArrayList<>();
        for (double power = 1; power < 1e7; power *= 10) {
            buckets.addAll(List.of(power, 3 * power, 5 * power));
        }
        buckets.add(1e7);
        return buckets.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * Adds what can be read off.
     *
     * @param storeBytes size of all files of the store
     * @param activeBrokers how many replicas of each group are alive, as far as this controller knows
     */
    public void watch(
            Supplier<RaftStatus> status,
            LongSupplier storeBytes,
            Supplier<SortedMap<GroupKey, Integer>> activeBrokers) {
        Gauge.builder("role", () -> role(status.get().role()))
                .description("Role of this controller: 1 leader, 0 follower, -1 candidate.")
                .tags(common)
                .register(metrics.registry());
        Gauge.builder("dledger.disk.usage", storeBytes::getAsLong)
                .description("Size of the store of this controller.")
                .baseUnit("bytes")
                .tags(common)
                .register(metrics.registry());
        MultiGauge active = MultiGauge.builder("active.broker.num")
                .description("Live brokers of each group; only on the leader.")
                .tags(common)
                .register(metrics.registry());
        metrics.beforeEachPage(() -> active.register(
                activeBrokers.get().entrySet().stream()
                        .map(group -> MultiGauge.Row.of(labelsOf(group.getKey()), group.getValue()))
                        .toList(),
                true));
    }

    private static int role(RoleName role) {
        return switch (role) {
            case LEADER -> 1;
            case FOLLOWER -> 0;
            case PRE_CANDIDATE, CANDIDATE -> -1;
        };
    }

    private static Tags labelsOf(GroupKey group) {
        return Tags.of("cluster", group.cluster(), "broker_set", group.brokerName());
    }

    @Override
    public void onRequest(int requestCode, int responseCode, long elapsedNanos) {
        String type = REQUEST_TYPES.get(requestCode);
        if (type == null) {
            return;
        }
        // A refusal is an answer, and counts as a success as it does there.
        boolean failed = responseCode == 1 || responseCode == 2;
        count(
                "request",
                "Requests of brokers and tools.",
                Tags.of("request_type", type, "request_handle_status", failed ? "failed" : "success"));
        time("request.latency", "Time of a request to its answer.", Tags.of("request_type", type), elapsedNanos);
    }

    @Override
    public void onElection(GroupKey group, boolean found) {
        count(
                "election",
                "Elections of masters.",
                labelsOf(group).and("election_result", found ? "new_master_elected" : "no_master_elected"));
    }

    @Override
    public void onCommitted(long elapsedNanos) {
        onProposal("success");
        time(
                "dledger.op.latency",
                "Time of a proposal until it is committed.",
                Tags.of("dledger_operation", "append", "dLedger_operation_status", "success"),
                elapsedNanos);
    }

    @Override
    public void onNotCommitted(boolean unknown) {
        onProposal(unknown ? "timeout" : "failed");
    }

    private void onProposal(String result) {
        count(
                "dledger.op",
                "Proposals to the log.",
                Tags.of("dledger_operation", "append", "dLedger_operation_status", result));
    }

    private void count(String name, String help, Tags tags) {
        Counter.builder(name)
                .description(help)
                .tags(common.and(tags))
                .register(metrics.registry())
                .increment();
    }

    private void time(String name, String help, Tags tags, long elapsedNanos) {
        DistributionSummary.builder(name)
                .description(help)
                .baseUnit("microseconds")
                .tags(common.and(tags))
                .serviceLevelObjectives(BUCKETS_US)
                .register(metrics.registry())
                .record(TimeUnit.NANOSECONDS.toMicros(elapsedNanos));
    }
}
