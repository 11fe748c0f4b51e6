package io.mqcontroller.controller.remoting;

/**
 * Limits of a connection.
 *
 * @param maxFrameBytes of a frame, with its length field; RocketMQ's is 16 MiB
 * @param maxFirstFrameBytes of a frame before the first sound request of the connection
 * @param firstRequestTimeoutMs in which a new connection must have sent its first sound request
 * @param idleTimeoutMs after which a connection is closed when nothing was read or written
 * @param maxInFlight requests of one connection that wait for their answer; reading stops there
 * @param overloadPauseMs for which a connection is not read after one of its requests was refused for overload
 */
public record RemotingSettings(
        int maxFrameBytes,
        int maxFirstFrameBytes,
        long firstRequestTimeoutMs,
        long idleTimeoutMs,
        int maxInFlight,
        long overloadPauseMs) {
    public static final RemotingSettings DEFAULT =
            new RemotingSettings(FrameReader.MAX_FRAME_BYTES, 64 * 1024, 5_000, 120_000, 1024, 50);

    public RemotingSettings {
        if (maxFirstFrameBytes < 1
                || maxFirstFrameBytes > maxFrameBytes
                || maxFrameBytes > FrameReader.MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("frame limits must be 0 < first (" + maxFirstFrameBytes + ") <= all ("
                    + maxFrameBytes + ") <= " + FrameReader.MAX_FRAME_BYTES);
        }
        if (firstRequestTimeoutMs < 1 || idleTimeoutMs < 1 || maxInFlight < 1 || overloadPauseMs < 1) {
            throw new IllegalArgumentException("times and maxInFlight must be 1 or more");
        }
    }
}
