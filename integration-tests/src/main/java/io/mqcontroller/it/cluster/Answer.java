package io.mqcontroller.it.cluster;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** An answer of a controller. {@code body} is parsed JSON, or null when there is none. */
public record Answer(int code, String remark, Map<String, String> fields, Object body) {

    static Answer of(RemotingFrame frame) {
        String text = frame.bodyText();
        boolean json = text.startsWith("{") || text.startsWith("[");
        return new Answer(frame.code(), frame.remark(), frame.fields(), json ? Json.parse(text) : textOrNull(text));
    }

    private static String textOrNull(String text) {
        return text.isEmpty() ? null : text;
    }

    public long number(String field) {
        String value = fields.get(field);
        if (value == null) {
            throw new AssertionError("no " + field + " in " + this);
        }
        return Long.parseLong(value);
    }

    public boolean has(String field) {
        return fields.get(field) != null;
    }

    /** The SyncStateSet in the body. */
    public SortedSet<Long> syncStateSet() {
        SortedSet<Long> ids = new TreeSet<>();
        for (Object id : (List<?>) ((Map<?, ?>) body).get("syncStateSet")) {
            ids.add((Long) id);
        }
        return ids;
    }

    /** The epoch beside the SyncStateSet in the body. */
    public long bodySetEpoch() {
        return (Long) ((Map<?, ?>) body).get("syncStateSetEpoch");
    }
}
