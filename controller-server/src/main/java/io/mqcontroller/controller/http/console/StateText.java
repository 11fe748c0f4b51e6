package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.metadata.GroupKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * All that the page shows at one moment.
 *
 * @param cursor where the stream of events goes on from here
 */
record StateText(String cursor, byte[] gzipped) {
    static StateText of(
            String cursor,
            String nodes,
            Collection<GroupRow> rows,
            Collection<EventHistory.Seen> events,
            Collection<Sample> samples) {
        return new StateText(cursor, gzip(ConsoleJson.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("cursor", cursor);
            json.writeFieldName("nodes");
            json.writeRawValue(nodes);
            json.writeArrayFieldStart("groups");
            for (GroupRow row : rows) {
                RowJson.write(json, row);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("history");
            for (EventHistory.Seen event : events) {
                RowJson.write(json, event);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("samples");
            for (Sample sample : samples) {
                RowJson.write(json, sample);
            }
            json.writeEndArray();
            json.writeEndObject();
        })));
    }

    /** What is different, as the data of an event. */
    static String ofChange(List<GroupRow> changed, List<GroupKey> removed) {
        return ConsoleJson.text(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("changed");
            for (GroupRow row : changed) {
                RowJson.write(json, row);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("removed");
            for (GroupKey key : removed) {
                json.writeStartObject();
                RowJson.writeKey(json, key);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
