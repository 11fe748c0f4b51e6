package io.mqcontroller.controller.http.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.service.Survey.Life;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** How groups, events and samples look in JSON. Ids are numbers, what is not there is null, times are milliseconds. */
final class RowJson {
    private RowJson() {}

    static void write(JsonGenerator json, GroupRow row) throws IOException {
        BrokerGroup group = row.group();
        json.writeStartObject();
        writeKey(json, group.key());
        writeId(json, "master", group.master());
        json.writeNumberField("masterEpoch", group.masterEpoch());
        writeIds(json, "syncStateSet", group.syncStateSet().members());
        json.writeNumberField("syncStateSetEpoch", group.syncStateSet().epoch());
        json.writeBooleanField("everElected", group.everElected());
        json.writeArrayFieldStart("replicas");
        for (Replica replica : group.replicas().values()) {
            json.writeStartObject();
            json.writeNumberField("id", replica.id().value());
            json.writeStringField("address", replica.address());
            json.writeBooleanField("agent", replica.agent());
            if (replica.drained()) {
                json.writeBooleanField("drained", true);
            }
            write(json, row.lives().get(replica.id()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Life life) throws IOException {
        if (life == null) {
            json.writeNullField("alive");
            return;
        }
        json.writeBooleanField("alive", life.alive());
        if (life.lagMs() > 0) {
            json.writeNumberField("lagMs", life.lagMs());
        }
        if (life.lagBytes() > 0) {
            json.writeNumberField("lagBytes", life.lagBytes());
        }
    }

    static void write(JsonGenerator json, EventHistory.Seen seen) throws IOException {
        HistoryEvent event = seen.event();
        json.writeStartObject();
        json.writeStringField("kind", event.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("key", event.index() + "-" + event.ordinal() + "-" + event.term());
        json.writeNumberField("at", seen.atWallMs());
        json.writeNumberField("term", event.term());
        if (event.group().isPresent()) {
            writeKey(json, event.group().get());
        }
        if (event.leader().isPresent()) {
            json.writeStringField("leader", event.leader().get().value());
        }
        writeId(json, "masterBefore", event.before().master());
        writeId(json, "master", event.after().master());
        json.writeNumberField("masterEpoch", event.after().masterEpoch());
        writeIds(json, "setBefore", event.before().syncStateSet().members());
        writeIds(json, "set", event.after().syncStateSet().members());
        json.writeNumberField("setEpoch", event.after().syncStateSet().epoch());
        json.writeStringField("cause", event.cause());
        json.writeBooleanField("unclean", event.unclean());
        if (event.operation().isPresent()) {
            write(json, event.operation().get());
        }
        if (event.decision().isPresent()) {
            HistoryEvent.Decided decided = event.decision().get();
            if (decided.durationMs().isPresent()) {
                json.writeNumberField("durationMs", decided.durationMs().getAsLong());
            }
            json.writeArrayFieldStart("inputs");
            for (String input : decided.inputs()) {
                json.writeString(input);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, HistoryEvent.Operation operation) throws IOException {
        json.writeStringField("what", operation.what());
        writeId(json, "replica", operation.replica());
        json.writeStringField("controller", operation.on().map(NodeId::value).orElse(""));
        json.writeStringField("askedBy", operation.by());
        if (operation.change().isPresent()) {
            HistoryEvent.ConfigChange change = operation.change().get();
            json.writeStringField("configKey", change.key());
            json.writeStringField("valueBefore", change.before());
            json.writeStringField("value", change.after());
        }
    }

    static void write(JsonGenerator json, Sample sample) throws IOException {
        json.writeStartArray();
        json.writeNumber(sample.atWallMs());
        json.writeNumber(sample.groupsWithoutMaster());
        json.writeNumber(sample.replicasDead());
        json.writeNumber(sample.lagMs());
        json.writeEndArray();
    }

    static void writeKey(JsonGenerator json, GroupKey key) throws IOException {
        json.writeStringField("cluster", key.cluster());
        json.writeStringField("name", key.brokerName());
    }

    static void writeIds(JsonGenerator json, String name, Collection<BrokerId> ids) throws IOException {
        json.writeArrayFieldStart(name);
        for (BrokerId id : ids) {
            json.writeNumber(id.value());
        }
        json.writeEndArray();
    }

    private static void writeId(JsonGenerator json, String name, Optional<BrokerId> id) throws IOException {
        if (id.isPresent()) {
            json.writeNumberField(name, id.get().value());
        } else {
            json.writeNullField(name);
        }
    }
}
