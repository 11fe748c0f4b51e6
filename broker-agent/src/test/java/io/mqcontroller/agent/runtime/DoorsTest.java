package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorsTest {
    private final Doors doors = new Doors();

    @AfterEach
    void close() {
        doors.close();
    }

    private boolean isRefused(String address) throws Exception {
        CompletableFuture<Boolean> refused = new CompletableFuture<>();
        doors.knock(address, refused::complete);
        return refused.get(30, TimeUnit.SECONDS);
    }

    @Test
    void anAddressAtWhichSomebodyListensIsNotRefused() throws Exception {
        try (ServerSocket server = listening()) {
            assertFalse(isRefused("127.0.0.1:" + server.getLocalPort()));
        }
    }

    @Test
    void anAddressAtWhichNobodyListensIsRefused() throws Exception {
        int port;
        try (ServerSocket server = listening()) {
            port = server.getLocalPort();
        }
        assertTrue(isRefused("127.0.0.1:" + port));
    }

    @Test
    void aNameThatNobodyKnowsIsNotRefused() throws Exception {
        assertFalse(isRefused("nobody.invalid:10911"));
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
