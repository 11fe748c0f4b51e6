package io.mqcontroller.controller.http.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RaftStatus.FollowerStatus;
import io.mqcontroller.raft.core.RoleName;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** The controllers, as this one knows them. Owned by the console's thread. */
final class NodesWatch {
    /** Longer than any pause between the answers of a follower that is well. */
    private static final long SILENT_AFTER_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final ConsoleSources sources;
    private final Map<NodeId, Heard> heard = new HashMap<>();
    private Map<String, String> failedChecks = Map.of();

    NodesWatch(ConsoleSources sources) {
        this.sources = sources;
    }

    /** @param lastHeardMs by Raft's clock, which starts somewhere: it only tells that something came since the last look */
    private record Heard(long lastHeardMs, long sinceNanos) {}

    /** Looks who has answered since the last look; about once a second. */
    void look(long nowNanos) {
        RaftStatus status = sources.raft().get();
        heard.keySet()
                .retainAll(status.followers().stream().map(FollowerStatus::id).toList());
        for (FollowerStatus follower : status.followers()) {
            Heard before = heard.get(follower.id());
            if (before == null || before.lastHeardMs() != follower.lastHeardMs()) {
                heard.put(follower.id(), new Heard(follower.lastHeardMs(), nowNanos));
            }
        }
    }

    /** Runs the checks of this controller, which may take a second. */
    void check() {
        Map<String, String> failed = new LinkedHashMap<>();
        for (HealthCheck check : sources.checks()) {
            check.run().ifPresent(message -> failed.put(check.name(), message));
        }
        failedChecks = failed;
    }

    /** As JSON. */
    String text(long nowNanos) {
        return ConsoleJson.text(json -> write(json, nowNanos));
    }

    private void write(JsonGenerator json, long nowNanos) throws IOException {
        RaftStatus status = sources.raft().get();
        json.writeStartObject();
        json.writeStringField("cluster", sources.cluster());
        json.writeStringField("version", sources.version());
        json.writeStringField("self", status.self().value());
        json.writeBooleanField("leading", status.role() == RoleName.LEADER && status.ready());
        json.writeStringField("leader", status.leader().map(NodeId::value).orElse(""));
        json.writeStringField("leaderUrl", sources.leaderUrl().get());
        json.writeNumberField("term", status.term());
        json.writeNumberField("appliedIndex", status.appliedIndex());
        json.writeNumberField("snapshotIndex", status.snapshot().index());
        json.writeArrayFieldStart("failedChecks");
        for (Map.Entry<String, String> failed : failedChecks.entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", failed.getKey());
            json.writeStringField("message", failed.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("nodes");
        SortedMap<NodeId, String> addresses = sources.addresses().get();
        for (NodeId id : status.configuration().members().keySet()) {
            write(json, status, id, addresses.getOrDefault(id, ""), nowNanos);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, RaftStatus status, NodeId id, String address, long nowNanos)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id.value());
        json.writeStringField("address", address);
        json.writeBooleanField("voter", status.configuration().isVoter(id));
        boolean leads = status.leader().filter(id::equals).isPresent();
        json.writeStringField("role", leads ? "leader" : "follower");
        if (id.equals(status.self())) {
            json.writeNumberField("lag", status.commitIndex() - status.appliedIndex());
            json.writeBooleanField("answers", true);
        } else {
            for (FollowerStatus follower : status.followers()) {
                if (follower.id().equals(id)) {
                    json.writeNumberField("lag", Math.max(0, status.commitIndex() - follower.matchIndex()));
                    json.writeBooleanField("answers", answers(follower, nowNanos));
                    json.writeBooleanField("receivingSnapshot", follower.receivingSnapshot());
                }
            }
        }
        json.writeEndObject();
    }

    private boolean answers(FollowerStatus follower, long nowNanos) {
        Heard last = heard.get(follower.id());
        return follower.lastHeardMs() != Long.MIN_VALUE
                && (last == null || nowNanos - last.sinceNanos() < SILENT_AFTER_NANOS);
    }
}
