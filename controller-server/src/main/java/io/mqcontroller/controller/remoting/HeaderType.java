package io.mqcontroller.controller.remoting;

/** How a header is written; the first of the four bytes before it tells. An answer takes the type of its request. */
enum HeaderType {
    JSON(0),
    BINARY(1);

    private final int wire;

    HeaderType(int wire) {
        this.wire = wire;
    }

    int wire() {
        return wire;
    }
}
