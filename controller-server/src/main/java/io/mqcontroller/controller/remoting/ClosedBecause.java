package io.mqcontroller.controller.remoting;

/** Why this side closed a connection. */
public enum ClosedBecause {
    /** A length that no frame can have. */
    BAD_LENGTH,
    /** Larger than a frame may be at this point of the connection. */
    OVERSIZED_FRAME,
    /** The header is said to be longer than the frame, or longer than a header may be. */
    BAD_HEADER_LENGTH,
    UNKNOWN_HEADER_TYPE,
    /** The header cannot be read, or names something twice. */
    BAD_HEADER,
    /** No whole request in the time that a new connection has for it. */
    NO_FIRST_REQUEST,
    /** Silent for too long. */
    IDLE
}
