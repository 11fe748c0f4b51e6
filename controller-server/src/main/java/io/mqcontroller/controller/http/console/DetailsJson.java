package io.mqcontroller.controller.http.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.util.Locale;

/** All that the leader knows of a group, as JSON. */
final class DetailsJson {
    private DetailsJson() {}

    static byte[] of(GroupDetails details) {
        return ConsoleJson.bytes(json -> {
            json.writeStartObject();
            RowJson.writeKey(json, details.group().key());
            json.writeNumberField("leaseLeftMs", details.leaseLeftMs());
            json.writeBooleanField("leaseGivenBack", details.leaseGivenBack());
            json.writeStringField("trouble", details.trouble());
            json.writeArrayFieldStart("replicas");
            for (GroupDetails.OfReplica replica : details.replicas()) {
                write(json, replica);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, GroupDetails.OfReplica details) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", details.replica().id().value());
        json.writeStringField("address", details.replica().address());
        json.writeStringField("haAddress", details.haAddress());
        json.writeBooleanField("agent", details.replica().agent());
        json.writeBooleanField("alive", details.report().alive());
        json.writeNumberField("silentMs", details.report().silentMs());
        json.writeNumberField("timeoutMs", details.timeoutMs());
        json.writeNumberField("lastEpoch", details.report().epoch());
        json.writeNumberField("maxOffset", details.report().maxOffset());
        json.writeNumberField("confirmOffset", details.confirmOffset());
        json.writeStringField("notElectable", details.notElectable());
        json.writeArrayFieldStart("heardThrough");
        for (NodeId node : details.heardThrough()) {
            json.writeString(node.value());
        }
        json.writeEndArray();
        if (details.agent().isPresent()) {
            GroupDetails.OfAgent agent = details.agent().get();
            json.writeStringField("role", agent.role().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("leaseRemainingMs", agent.status().leaseRemainingMs());
            json.writeNumberField("fencings", agent.status().fencings());
        }
        if (details.asSlave().isPresent()) {
            AgentStatus.Slave slave = details.asSlave().get();
            json.writeNumberField("lagBytes", slave.lagBytes());
            json.writeNumberField("lagMs", slave.lagMs());
            json.writeBooleanField("connected", slave.connected());
        }
        json.writeEndObject();
    }
}
