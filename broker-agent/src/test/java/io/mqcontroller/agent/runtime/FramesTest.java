package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.frame.FrameDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final ClientFrame HELLO = Words.hello("1.0");

    @Test
    void thePrefaceIsTheOneThatControllersExpect() {
        assertEquals(FrameDecoder.CLIENT_PREFACE, Frames.PREFACE);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        byte[] bytes = written();
        assertArrayEquals(HELLO.toByteArray(), Frames.read(stream(bytes)));
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        byte[] bytes = written();
        for (int bit = 0; bit < (bytes.length - 8) * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[8 + bit / 8] ^= (byte) (1 << (bit % 8));
            IOException refused = assertThrows(IOException.class, () -> Frames.read(stream(flipped)));
            assertTrue(refused.getMessage().contains("checksum"), refused.getMessage());
        }
    }

    @Test
    void lengthsThatNoFrameHasAreRefusedBeforeAnythingIsKept() {
        for (int length : new int[] {0, -1, Frames.MAX_PAYLOAD_BYTES + 1, Integer.MAX_VALUE}) {
            byte[] head =
                    java.nio.ByteBuffer.allocate(8).putInt(length).putInt(0).array();
            IOException refused = assertThrows(IOException.class, () -> Frames.read(stream(head)));
            assertTrue(refused.getMessage().endsWith("claims " + length), refused.getMessage());
        }
    }

    @Test
    void anotherProtocolIsRefused() {
        assertThrows(IOException.class, () -> Frames.readPreface(stream("HTTP/1.1".getBytes())));
    }

    private static byte[] written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frames.write(new DataOutputStream(out), HELLO);
        return out.toByteArray();
    }

    private static DataInputStream stream(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
