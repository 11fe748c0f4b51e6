package io.mqcontroller.controller.controller;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.liveness.HeartbeatReport;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.proto.liveness.LivenessRelay;
import io.mqcontroller.proto.liveness.RelayedHeartbeat;
import io.mqcontroller.raft.core.Bytes;
import java.util.ArrayList;
import java.util.List;

/** What a member tells the leader about its brokers, as bytes; see {@code liveness.proto}. */
final class RelayCodec {
    private RelayCodec() {}

    /** @param closed connections of the sender that closed after these heartbeats */
    record Relay(List<HeartbeatReport> heartbeats, List<Long> closed) {}

    static Bytes encode(Relay relay, long nowMs) {
        LivenessRelay.Builder builder = LivenessRelay.newBuilder().addAllClosedConnections(relay.closed());
        for (HeartbeatReport report : relay.heartbeats()) {
            builder.addHeartbeats(RelayedHeartbeat.newBuilder()
                    .setCluster(report.group().cluster())
                    .setBrokerName(report.group().brokerName())
                    .setBrokerId(report.id().value())
                    .setAddress(report.address())
                    .setEpoch(report.epoch())
                    .setMaxOffset(report.maxOffset())
                    .setConfirmOffset(report.confirmOffset())
                    .setTimeoutMs(report.timeoutMs())
                    .setPriority(report.priority())
                    .setConnection(report.connection())
                    .setAgeMs(Math.max(0, nowMs - report.heardAtMs()))
                    .setFitnessValue(report.fitness().ordinal())
                    .setHaAddress(report.haAddress())
                    .setKnownMasterEpoch(report.knownMasterEpoch()));
        }
        return Bytes.wrap(builder.build().toByteArray());
    }

    /** @throws InvalidProtocolBufferException if these are not the bytes of a relay */
    static Relay decode(Bytes payload, long nowMs) throws InvalidProtocolBufferException {
        LivenessRelay relay = LivenessRelay.parseFrom(payload.asReadOnlyBuffer());
        List<HeartbeatReport> heartbeats = new ArrayList<>(relay.getHeartbeatsCount());
        for (RelayedHeartbeat h : relay.getHeartbeatsList()) {
            heartbeats.add(new HeartbeatReport(
                    new GroupKey(h.getCluster(), h.getBrokerName()),
                    new BrokerId(h.getBrokerId()),
                    h.getAddress(),
                    h.getEpoch(),
                    h.getMaxOffset(),
                    h.getConfirmOffset(),
                    h.getTimeoutMs(),
                    h.getPriority(),
                    h.getConnection(),
                    nowMs - Math.max(0, h.getAgeMs()),
                    fitness(h),
                    h.getHaAddress(),
                    h.getKnownMasterEpoch()));
        }
        return new Relay(heartbeats, relay.getClosedConnectionsList());
    }

    /** What is not known here comes from a newer version, and is no recommendation. */
    private static Fitness fitness(RelayedHeartbeat h) {
        int number = h.getFitnessValue();
        return number < 0 || number >= Fitness.values().length ? Fitness.UNFIT : Fitness.values()[number];
    }
}
