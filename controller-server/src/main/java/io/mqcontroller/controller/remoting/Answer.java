package io.mqcontroller.controller.remoting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What goes back to a caller, before it is known how it is written. Fields are added in the order of their names, as
 * RocketMQ sorts them.
 */
final class Answer {
    private final int code;
    private final String remark;
    private List<String> namesAndValues;
    private byte[] body = {};

    private Answer(int code, String remark) {
        this.code = code;
        this.remark = remark;
    }

    static Answer success() {
        return new Answer(ResponseCode.SUCCESS, "");
    }

    /** @param remark for people: what, where, what would be right */
    static Answer of(int code, String remark) {
        return new Answer(code, remark);
    }

    /** Some answers carry an empty set of fields rather than none. */
    Answer withFields() {
        if (namesAndValues == null) {
            namesAndValues = new ArrayList<>(12);
        }
        return this;
    }

    Answer with(String name, String value) {
        withFields();
        namesAndValues.add(name);
        namesAndValues.add(value);
        return this;
    }

    Answer with(String name, long value) {
        return with(name, Long.toString(value));
    }

    Answer withBody(byte[] newBody) {
        body = newBody;
        return this;
    }

    int code() {
        return code;
    }

    /** Empty for none. */
    String remark() {
        return remark;
    }

    /** Names and values in turn. */
    Optional<List<String>> namesAndValues() {
        return Optional.ofNullable(namesAndValues);
    }

    byte[] body() {
        return body;
    }
}
