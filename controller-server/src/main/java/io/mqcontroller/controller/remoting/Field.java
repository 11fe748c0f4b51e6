package io.mqcontroller.controller.remoting;

import java.util.HashMap;
import java.util.Map;

/** The header fields of requests that this controller reads; all others are skipped without being decoded. */
enum Field {
    CLUSTER_NAME("clusterName", Kind.TEXT),
    BROKER_NAME("brokerName", Kind.TEXT),
    BROKER_ADDR("brokerAddr", Kind.TEXT),
    BROKER_ADDRESS("brokerAddress", Kind.TEXT),
    BROKER_ID("brokerId", Kind.NUMBER),
    EPOCH("epoch", Kind.NUMBER),
    MAX_OFFSET("maxOffset", Kind.NUMBER),
    CONFIRM_OFFSET("confirmOffset", Kind.NUMBER),
    HEARTBEAT_TIMEOUT("heartbeatTimeoutMills", Kind.NUMBER),
    ELECTION_PRIORITY("electionPriority", Kind.NUMBER),
    MASTER_BROKER_ID("masterBrokerId", Kind.NUMBER),
    MASTER_EPOCH("masterEpoch", Kind.NUMBER),
    DESIGNATE_ELECT("designateElect", Kind.FLAG),
    APPLIED_BROKER_ID("appliedBrokerId", Kind.NUMBER),
    REGISTER_CHECK_CODE("registerCheckCode", Kind.TEXT),
    IDS_TO_CLEAN("brokerControllerIdsToClean", Kind.TEXT),
    CLEAN_LIVING("isCleanLivingBroker", Kind.FLAG);

    /** How a value is to be read; on the wire all are text. */
    enum Kind {
        TEXT,
        /** Whole, signed, 64 bit. */
        NUMBER,
        /** {@code true} or {@code false}. */
        FLAG
    }

    private static final Field[] ALL = values();
    private static final Map<String, Field> BY_NAME = new HashMap<>();

    static {
        for (Field field : ALL) {
            BY_NAME.put(field.wireName, field);
        }
    }

    private final String wireName;
    private final Kind kind;

    Field(String wireName, Kind kind) {
        this.wireName = wireName;
        this.kind = kind;
    }

    String wireName() {
        return wireName;
    }

    Kind kind() {
        return kind;
    }

    int bit() {
        return 1 << ordinal();
    }

    /** Null when nobody reads a field of this name: asked for each field of each request, so no Optional. */
    static Field named(String name) {
        return BY_NAME.get(name);
    }

    /** As {@link #named(String)}, without making a string of the name. */
    static Field named(byte[] bytes, int offset, int length) {
        for (Field field : ALL) {
            if (isNamed(field.wireName, bytes, offset, length)) {
                return field;
            }
        }
        return null;
    }

    private static boolean isNamed(String name, byte[] bytes, int offset, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != bytes[offset + i]) {
                return false;
            }
        }
        return true;
    }
}
