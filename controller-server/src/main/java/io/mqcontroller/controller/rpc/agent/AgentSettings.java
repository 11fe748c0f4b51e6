package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.proto.frame.FrameDecoder;

/**
 * Limits of a connection.
 *
 * @param maxFrameBytes of the payload of a frame from the other side; what agents say is short
 * @param helloTimeoutMs in which a new connection must have said hello
 * @param idleTimeoutMs after which a connection is closed on which nothing came
 * @param slowReaderTimeoutMs after which a connection is closed whose other side does not take what it is sent
 * @param maxInFlight requests of one connection that wait for their answer; reading stops there
 * @param maxSlaves that a heartbeat may tell of
 */
public record AgentSettings(
        int maxFrameBytes,
        long helloTimeoutMs,
        long idleTimeoutMs,
        long slowReaderTimeoutMs,
        int maxInFlight,
        int maxSlaves) {
    public static final AgentSettings DEFAULT =
            new AgentSettings(FrameDecoder.MAX_FIRST_PAYLOAD_BYTES, 5_000, 120_000, 10_000, 64, 256);

    public AgentSettings {
        if (maxFrameBytes < 1
                || helloTimeoutMs < 1
                || idleTimeoutMs < 1
                || slowReaderTimeoutMs < 1
                || maxInFlight < 2
                || maxSlaves < 0) {
            throw new IllegalArgumentException("sizes and times must be 1 or more, maxInFlight 2 or more");
        }
    }

    public AgentSettings withIdleTimeoutMs(long timeoutMs) {
        return new AgentSettings(maxFrameBytes, helloTimeoutMs, timeoutMs, slowReaderTimeoutMs, maxInFlight, maxSlaves);
    }
}
