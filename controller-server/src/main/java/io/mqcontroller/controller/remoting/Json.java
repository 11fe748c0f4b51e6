package io.mqcontroller.controller.remoting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.OutputStream;

/** The one way to read and write JSON here: streaming, with limits, never as a tree. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(256)
                    .maxNumberLength(32)
                    .maxStringLength(64 * 1024)
                    .build())
            // Event loops are few and platform threads: nothing is cheaper.
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            // Names come from strangers: they must not fill the JVM's own table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    static JsonParser parser(byte[] bytes, int offset, int length) throws IOException {
        return FACTORY.createParser(bytes, offset, length);
    }

    static JsonParser parser(ByteBuf bytes) throws IOException {
        return FACTORY.createParser(ByteBufUtil.getBytes(bytes));
    }

    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }
}
