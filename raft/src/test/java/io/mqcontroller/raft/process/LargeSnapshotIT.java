package io.mqcontroller.raft.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A snapshot that no member could hold in memory. */
@Execution(ExecutionMode.CONCURRENT)
class LargeSnapshotIT {
    private static final long SNAPSHOT_BYTES = Long.getLong("snapshot.bytes", 128L << 20);

    @TempDir
    private Path directory;

    @Test
    void aSnapshotLargerThanTheMemoryArrivesGoesOnAfterABreakAndHoldsUpNobody() throws Exception {
        Process program = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeSnapshotProgram.class.getName(),
                        directory.toString(),
                        Long.toString(SNAPSHOT_BYTES)))
                .redirectErrorStream(true)
                .start();
        String said;
        try {
            said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            program.destroyForcibly();
        }
        assertEquals(0, program.waitFor(), said);
        Matcher outcome = Pattern.compile("sent (\\d+) done (\\d+)").matcher(said);
        assertTrue(outcome.find(), said);
        long sentBytes = Long.parseLong(outcome.group(1));
        assertTrue(sentBytes >= SNAPSHOT_BYTES, said);
        // From the beginning again it would be more than one and three quarters.
        assertTrue(sentBytes < SNAPSHOT_BYTES / 2 * 3, "more was sent again than the break explains: " + said);
        assertTrue(Integer.parseInt(outcome.group(2)) > 0, "nothing was done while the snapshot was sent: " + said);
    }
}
