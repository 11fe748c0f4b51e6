package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.agent.core.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {
    @TempDir
    Path folder;

    @Test
    void theFilesAreThoseOfRocketMqsOwnBrokers() throws IOException {
        IdentityFile file = new IdentityFile(folder.resolve("brokerIdentity"));
        assertEquals(Optional.empty(), file.read());

        Identity appliedFor = new Identity("DefaultCluster", "broker-a", 2, Optional.of("127.0.0.1:10911;1725254278"));
        file.store(appliedFor);
        assertEquals(
                "DefaultCluster#broker-a#2#127.0.0.1:10911;1725254278",
                Files.readString(folder.resolve("brokerIdentity-temp")));
        assertEquals(Optional.of(appliedFor), file.read());

        Identity taken = new Identity("DefaultCluster", "broker-a", 2, Optional.empty());
        file.store(taken);
        assertEquals("DefaultCluster#broker-a#2", Files.readString(folder.resolve("brokerIdentity")));
        assertFalse(Files.exists(folder.resolve("brokerIdentity-temp")));
        assertEquals(Optional.of(taken), file.read());
    }

    @Test
    void aFileThatCannotBeUnderstoodIsNoReasonToTakeASecondIdentity() throws IOException {
        for (String text :
                new String[] {"", "DefaultCluster", "DefaultCluster#broker-a#x", "DefaultCluster#broker-a#0"}) {
            Files.writeString(folder.resolve("brokerIdentity"), text);
            IOException refused =
                    assertThrows(IOException.class, () -> new IdentityFile(folder.resolve("brokerIdentity")).read());
            assertTrue(refused.getMessage().contains("cluster#brokerName#brokerId"), refused.getMessage());
        }
    }

    @Test
    void theFolderIsMadeWhenItIsMissing() throws IOException {
        IdentityFile file = new IdentityFile(folder.resolve("store/deep/brokerIdentity"));
        file.store(new Identity("c", "b", 1, Optional.empty()));
        assertTrue(file.read().orElseThrow().isFinal());
    }
}
