package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The requests of brokers and of {@code mqadmin}, over one connection to one controller. */
public final class ControllerClient implements AutoCloseable {
    /** Request codes. */
    public static final int HEARTBEAT = 904;

    public static final int ALTER_SYNC_STATE_SET = 1001;
    public static final int ELECT_MASTER = 1002;
    public static final int REGISTER_BROKER = 1003;
    public static final int GET_REPLICA_INFO = 1004;
    public static final int GET_METADATA_INFO = 1005;
    public static final int GET_SYNC_STATE_DATA = 1006;
    public static final int UPDATE_CONFIG = 1009;
    public static final int GET_CONFIG = 1010;
    public static final int CLEAN_BROKER_DATA = 1011;
    public static final int GET_NEXT_BROKER_ID = 1012;
    public static final int APPLY_BROKER_ID = 1013;

    private static final int TIMEOUT_MS = 3_000;

    private final RemotingClient remoting;
    private final int timeoutMs;

    public ControllerClient(String address) throws IOException {
        this(address, TIMEOUT_MS);
    }

    /** @param timeoutMs how long each call waits for its answer */
    public ControllerClient(String address, int timeoutMs) throws IOException {
        remoting = new RemotingClient(address);
        this.timeoutMs = timeoutMs;
    }

    /** The bare connection. */
    public RemotingClient remoting() {
        return remoting;
    }

    public Answer call(int code, Map<String, String> fields, String body) throws IOException {
        return Answer.of(remoting.call(code, fields, body, timeoutMs));
    }

    public Answer metadata() throws IOException {
        return call(GET_METADATA_INFO, Map.of(), "");
    }

    public Answer replicaInfo(String group) throws IOException {
        return call(GET_REPLICA_INFO, Map.of("brokerName", group), "");
    }

    /** One group, or nothing when this controller does not know it or may not say. */
    public Optional<GroupView> group(String group) throws IOException {
        Answer answer = syncStateData(group);
        return answer.code() == 0 ? groupIn(answer, group) : Optional.empty();
    }

    public Answer syncStateData(String group) throws IOException {
        return call(GET_SYNC_STATE_DATA, Map.of(), "[" + Json.quote(group) + "]");
    }

    /** One group in an answer to {@link #syncStateData}; nothing when it is not known. */
    public static Optional<GroupView> groupIn(Answer answer, String group) {
        @SuppressWarnings("unchecked")
        Map<String, Object> table = (Map<String, Object>) ((Map<?, ?>) answer.body()).get("replicasInfoTable");
        @SuppressWarnings("unchecked")
        Map<String, Object> view = (Map<String, Object>) table.get(group);
        return Optional.ofNullable(view).map(GroupView::of);
    }

    public Answer nextBrokerId(String cluster, String group) throws IOException {
        return call(GET_NEXT_BROKER_ID, Map.of("clusterName", cluster, "brokerName", group), "");
    }

    public Answer applyBrokerId(String cluster, String group, long id, String checkCode) throws IOException {
        return call(
                APPLY_BROKER_ID,
                Map.of(
                        "clusterName", cluster,
                        "brokerName", group,
                        "appliedBrokerId", Long.toString(id),
                        "registerCheckCode", checkCode),
                "");
    }

    public Answer register(String cluster, String group, long id, String address) throws IOException {
        return call(
                REGISTER_BROKER,
                Map.of(
                        "clusterName", cluster,
                        "brokerName", group,
                        "brokerId", Long.toString(id),
                        "brokerAddress", address,
                        "invokeTime", now()),
                "");
    }

    /** An election; {@code designate}: this replica and no other. */
    public Answer elect(String cluster, String group, long id, boolean designate) throws IOException {
        return call(
                ELECT_MASTER,
                Map.of(
                        "clusterName", cluster,
                        "brokerName", group,
                        "brokerId", Long.toString(id),
                        "designateElect", Boolean.toString(designate),
                        "invokeTime", now()),
                "");
    }

    public Answer alter(String group, long master, int masterEpoch, Collection<Long> set, int setEpoch)
            throws IOException {
        return call(ALTER_SYNC_STATE_SET, alterFields(group, master, masterEpoch), alterBody(set, setEpoch));
    }

    /** Header of {@link #alter}. */
    public static Map<String, String> alterFields(String group, long master, int masterEpoch) {
        return Map.of(
                "brokerName", group,
                "masterBrokerId", Long.toString(master),
                "masterEpoch", Integer.toString(masterEpoch),
                "invokeTime", now());
    }

    /** Body of {@link #alter}. */
    public static String alterBody(Collection<Long> set, int setEpoch) {
        return "{\"syncStateSet\":" + set.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"))
                + ",\"syncStateSetEpoch\":" + setEpoch + "}";
    }

    /** Ids as {@code 1;2}, or null for none. */
    public Answer clean(String cluster, String group, String ids, boolean living) throws IOException {
        Map<String, String> fields = new TreeMap<>(Map.of(
                "clusterName",
                cluster,
                "brokerName",
                group,
                "isCleanLivingBroker",
                Boolean.toString(living),
                "invokeTime",
                now()));
        if (ids != null) {
            fields.put("brokerControllerIdsToClean", ids);
        }
        return call(CLEAN_BROKER_DATA, fields, "");
    }

    @Override
    public void close() {
        remoting.close();
    }

    private static String now() {
        return Long.toString(System.currentTimeMillis());
    }
}
