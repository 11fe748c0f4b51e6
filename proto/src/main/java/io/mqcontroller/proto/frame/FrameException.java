package io.mqcontroller.proto.frame;

/** What came is not a frame. The connection can't be used any more; the message says why. */
public final class FrameException extends RuntimeException {
    public FrameException(String message) {
        super(message);
    }
}
