package io.mqcontroller.controller.remoting;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The JSON bodies. Members come sorted by name; map keys are quoted, which RocketMQ's readers accept too. */
final class Bodies {
    /** Far beyond any group; keeps a stranger from filling a log entry. */
    private static final int MAX_SET_SIZE = 1000;

    private static final int MAX_NAMES = 100_000;

    private Bodies() {}

    /** Body of 1001, 1003, 1004 and 1008. */
    static byte[] syncStateSet(SyncStateSet set) {
        return write(json -> {
            writeMembers(json, set);
            json.writeNumberField("syncStateSetEpoch", set.epoch());
        });
    }

    /** Body of 1002 when it elected nobody new: the set in force and nothing else. */
    static byte[] unchangedElection(SyncStateSet set) {
        return write(json -> writeMembers(json, set));
    }

    /**
     * Body of 1002 after an election, in both of the shapes that are read: brokers take {@code syncStateSet} and {@code
     * brokerMemberGroup}, {@code mqadmin} takes the whole for the member group itself.
     */
    static byte[] election(BrokerGroup group) {
        return write(json -> {
            writeAddresses(json, group);
            json.writeObjectFieldStart("brokerMemberGroup");
            writeAddresses(json, group);
            writeNames(json, group);
            json.writeEndObject();
            writeNames(json, group);
            writeMembers(json, group.syncStateSet());
        });
    }

    /** Body of 1006. */
    static byte[] replicasInfo(List<RoleView> views) {
        return write(json -> {
            json.writeObjectFieldStart("replicasInfoTable");
            for (RoleView view : views) {
                json.writeObjectFieldStart(view.group().key().brokerName());
                writeReplicasInfo(json, view);
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** Reads the body of 1001. Null, fractions and other things that are no ids are refused, unknown members skipped. */
    static SyncStateSet readSyncStateSet(ByteBuf body) throws BadRequestException {
        TreeSet<BrokerId> members = null;
        long epoch = -1;
        try (JsonParser json = openObject(body)) {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (name.equals("syncStateSet")) {
                    members = readIds(json);
                } else if (name.equals("syncStateSetEpoch")) {
                    epoch = wholeNumber(json, value, 0, Integer.MAX_VALUE, "syncStateSetEpoch");
                } else {
                    json.skipChildren();
                }
            }
            expectEnd(json);
        } catch (IOException | IllegalStateException e) {
            throw new BadRequestException("the body is not the JSON of a SyncStateSet");
        }
        if (members == null || epoch < 0) {
            throw new BadRequestException("the body must have syncStateSet and syncStateSetEpoch");
        }
        return new SyncStateSet(members, (int) epoch);
    }

    /** Reads the body of 1006. */
    static List<String> readBrokerNames(ByteBuf body) throws BadRequestException {
        List<String> names = new ArrayList<>();
        try (JsonParser json = Json.parser(body)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new BadRequestException("the body must be a JSON array of broker names");
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_STRING || names.size() == MAX_NAMES) {
                    throw new BadRequestException("the body must hold nothing but 1 to " + MAX_NAMES + " broker names");
                }
                names.add(json.getText());
            }
            expectEnd(json);
        } catch (IOException | IllegalStateException e) {
            throw new BadRequestException("the body is not a JSON array of broker names");
        }
        if (names.isEmpty()) {
            throw new BadRequestException("the body must name at least one broker group");
        }
        return names;
    }

    private static JsonParser openObject(ByteBuf body) throws IOException, BadRequestException {
        if (!body.isReadable()) {
            throw new BadRequestException("the body is missing");
        }
        JsonParser json = Json.parser(body);
        if (json.nextToken() != JsonToken.START_OBJECT) {
            json.close();
            throw new BadRequestException("the body must be a JSON object");
        }
        return json;
    }

    private static void expectEnd(JsonParser json) throws IOException, BadRequestException {
        if (json.nextToken() != null) {
            throw new BadRequestException("there is more behind the JSON of the body");
        }
    }

    private static TreeSet<BrokerId> readIds(JsonParser json) throws IOException, BadRequestException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new BadRequestException("syncStateSet must be an array of broker ids");
        }
        TreeSet<BrokerId> ids = new TreeSet<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            ids.add(new BrokerId(wholeNumber(json, json.currentToken(), 1, Long.MAX_VALUE, "an id in syncStateSet")));
            if (ids.size() > MAX_SET_SIZE) {
                throw new BadRequestException("syncStateSet must not have more than " + MAX_SET_SIZE + " members");
            }
        }
        return ids;
    }

    private static long wholeNumber(JsonParser json, JsonToken token, long lowest, long highest, String what)
            throws IOException, BadRequestException {
        long value = token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : lowest - 1;
        if (value < lowest || value > highest) {
            throw new BadRequestException(what + " must be a whole number from " + lowest + " to " + highest);
        }
        return value;
    }

    private static void writeReplicasInfo(JsonGenerator json, RoleView view) throws IOException {
        BrokerGroup group = view.group();
        writeReplicas(json, "inSyncReplicas", view, true);
        if (group.masterReplica().isPresent()) {
            json.writeStringField("masterAddress", group.masterReplica().get().address());
        }
        if (group.master().isPresent()) {
            json.writeNumberField("masterBrokerId", group.master().get().value());
        }
        json.writeNumberField("masterEpoch", group.masterEpoch());
        writeReplicas(json, "notInSyncReplicas", view, false);
        json.writeNumberField("syncStateSetEpoch", group.syncStateSet().epoch());
    }

    private static void writeReplicas(JsonGenerator json, String name, RoleView view, boolean inSync)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (Replica replica : view.group().replicas().values()) {
            if (view.group().syncStateSet().contains(replica.id()) == inSync) {
                json.writeStartObject();
                json.writeBooleanField("alive", view.alive().getOrDefault(replica.id(), false));
                json.writeStringField("brokerAddress", replica.address());
                json.writeNumberField("brokerId", replica.id().value());
                json.writeStringField("brokerName", view.group().key().brokerName());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void writeAddresses(JsonGenerator json, BrokerGroup group) throws IOException {
        json.writeObjectFieldStart("brokerAddrs");
        for (Replica replica : group.replicas().values()) {
            json.writeStringField(replica.id().toString(), replica.address());
        }
        json.writeEndObject();
    }

    private static void writeNames(JsonGenerator json, BrokerGroup group) throws IOException {
        json.writeStringField("brokerName", group.key().brokerName());
        json.writeStringField("cluster", group.key().cluster());
    }

    private static void writeMembers(JsonGenerator json, SyncStateSet set) throws IOException {
        json.writeArrayFieldStart("syncStateSet");
        for (BrokerId id : set.members()) {
            json.writeNumber(id.value());
        }
        json.writeEndArray();
    }

    private static byte[] write(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            content.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }
}
