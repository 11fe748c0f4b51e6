package io.mqcontroller.controller.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 200 if all checks hold, else 503; in JSON: {@code {"status":"failed","failed":[{"check":"leader","message":"…"}]}}. With
 * {@code ?verbose} the checks that hold are listed too.
 */
public final class HealthPage implements HttpPage {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<HealthCheck> checks;

    public HealthPage(List<HealthCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    @Override
    public Answer answer(Query query) {
        Map<String, String> failed = new LinkedHashMap<>();
        for (HealthCheck check : checks) {
            check.run().ifPresent(message -> failed.put(check.name(), message));
        }
        return new Answer(
                failed.isEmpty() ? 200 : 503, "application/json; charset=utf-8", json(failed, query.verbose()));
    }

    private byte[] json(Map<String, String> failed, boolean verbose) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("status", failed.isEmpty() ? "ok" : "failed");
            json.writeArrayFieldStart("failed");
            for (Map.Entry<String, String> check : failed.entrySet()) {
                json.writeStartObject();
                json.writeStringField("check", check.getKey());
                json.writeStringField("message", check.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (verbose) {
                json.writeArrayFieldStart("passed");
                for (HealthCheck check : checks) {
                    if (!failed.containsKey(check.name())) {
                        json.writeString(check.name());
                    }
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
