package io.mqcontroller.benchmark;

import java.util.Map;
import java.util.TreeMap;

/** Header fields of request 904. */
final class Heartbeats {
    private Heartbeats() {}

    static Map<String, String> fields(String group, long id) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("clusterName", BrokerCalls.CLUSTER);
        fields.put("brokerName", group);
        fields.put("brokerId", Long.toString(id));
        fields.put("brokerAddr", "127.0.0.1:" + (1 + id));
        fields.put("epoch", "1");
        fields.put("maxOffset", "100");
        fields.put("confirmOffset", "100");
        fields.put("heartbeatTimeoutMills", "10000");
        fields.put("electionPriority", "2147483647");
        return fields;
    }
}
