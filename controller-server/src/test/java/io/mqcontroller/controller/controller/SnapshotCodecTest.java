package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.raft.node.StateMachine.SnapshotWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {
    private final CoreHarness h = CoreHarness.leading();

    @Test
    void stateIsTheSameAfterASnapshotAndGoesOnFromThere() throws IOException {
        h.group("g", 3);
        h.group("gone", 1);
        h.kill(h.broker("gone", 1));
        h.pass(100);
        h.clean("gone", false, 1).value();
        byte[] snapshot = capture();

        CoreHarness copy = new CoreHarness();
        List<Throwable> outcome = new ArrayList<>();
        copy.deliver(new ControllerEvent.Restore(new ByteArrayInputStream(snapshot), outcome::add));
        assertNull(outcome.get(0));
        assertEquals(h.core.state(), copy.core.state());

        h.alter("g", 1, 1, CoreHarness.ids(1), 3).value();
        copy.deliver(new ControllerEvent.Committed(List.of(h.raft.log.get(h.raft.log.size() - 1))));
        assertEquals(h.core.state(), copy.core.state());
    }

    private byte[] capture() throws IOException {
        List<SnapshotWriter> writers = new ArrayList<>();
        h.deliver(new ControllerEvent.Capture(writers::add));
        // What happens after the capture is not in it.
        h.start(h.broker("later", 1));
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        writers.get(0).writeTo(first);
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        writers.get(0).writeTo(second);
        assertArrayEquals(first.toByteArray(), second.toByteArray());
        ReplicatedState read = SnapshotCodec.read(new ByteArrayInputStream(first.toByteArray()));
        assertTrue(read.metadata().group(CoreHarness.key("later")).isEmpty());
        writers.clear();
        h.deliver(new ControllerEvent.Capture(writers::add));
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        writers.get(0).writeTo(last);
        return last.toByteArray();
    }

    @Test
    void snapshotWhosePartsTogetherAreLargerThanTheMemoryIsWritten() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SnapshotWriterProgram.class.getName(),
                        "300",
                        "20000")
                .redirectErrorStream(true)
                .start();
        String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, writer.waitFor(), said);
        assertTrue(Long.parseLong(said.trim()) > 300 * 20_000, said);
    }

    @Test
    void snapshotThatIsCutShortOrOfAnotherFormatIsRefused() throws IOException {
        h.group("g", 2);
        byte[] whole = capture();
        assertThrows(
                IOException.class,
                () -> SnapshotCodec.read(new ByteArrayInputStream(Arrays.copyOf(whole, whole.length - 30))));
        assertThrows(IOException.class, () -> SnapshotCodec.read(new ByteArrayInputStream(new byte[] {2, 8, 9})));
        List<Throwable> outcome = new ArrayList<>();
        h.deliver(new ControllerEvent.Restore(new ByteArrayInputStream(new byte[0]), outcome::add));
        assertTrue(outcome.get(0) instanceof IOException);
    }
}
