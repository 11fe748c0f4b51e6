package io.mqcontroller.controller.http.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final Frames frames = new Frames("run");

    @Test
    void aFrameHasItsNumberItsNameAndItsData() {
        assertEquals(
                "id: run.1\nevent: nodes\ndata: {}\n\n", new String(frames.add("nodes", "{}"), StandardCharsets.UTF_8));
        assertEquals("run.1", frames.cursor());
    }

    @Test
    void whatCameAfterACursorIsKnownUntilThereAreTooMany() {
        String start = frames.cursor();
        byte[] first = frames.add("a", "1");
        byte[] second = frames.add("b", "2");
        assertEquals(List.of(first, second), frames.after(start).orElseThrow());
        assertEquals(List.of(second), frames.after("run.1").orElseThrow());
        assertEquals(List.of(), frames.after(frames.cursor()).orElseThrow());

        for (int i = 0; i < 1_000; i++) {
            frames.add("c", "3");
        }
        assertEquals(Optional.empty(), frames.after("run.1"));
        assertEquals(1_000, frames.after("run.2").orElseThrow().size());
    }

    @Test
    void fewLongOnesAreAsManyAsManyShortOnes() {
        for (int i = 0; i < 10; i++) {
            frames.add("long", "x".repeat(100 << 10));
        }
        assertTrue(frames.after("run.4").isEmpty());
        assertEquals(5, frames.after("run.5").orElseThrow().size());
    }

    @Test
    void whatWasForgottenOrNeverWasIsNotKnown() {
        frames.add("a", "1");
        String before = frames.cursor();
        frames.clear();
        assertEquals(List.of(), frames.after(before).orElseThrow());
        for (String unknown : List.of("", "run", "run.", "run.0", "run.2", "run.-1", "other.1", "run.x", "run.1.1")) {
            assertEquals(Optional.empty(), frames.after(unknown), unknown);
        }
    }
}
