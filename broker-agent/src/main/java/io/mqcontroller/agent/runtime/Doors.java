package io.mqcontroller.agent.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks whether anybody listens at an address, on a thread of its own, one address at a time. */
final class Doors implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 500;

    private final ThreadPoolExecutor thread;

    Doors() {
        thread = new ThreadPoolExecutor(
                0,
                1,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                BrokerAgent.daemons("mqagent-knock"),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** @param refused told whether the machine there has said that nobody listens; not called while another address is being tried */
    void knock(String address, Consumer<Boolean> refused) {
        thread.execute(() -> refused.accept(isRefused(address)));
    }

    private static boolean isRefused(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(ControllerConnection.resolve(address), CONNECT_TIMEOUT_MS);
            return false;
        } catch (ConnectException e) {
            // Java has one exception for a refusal and for a network that can't be reached.
            return e.getMessage() != null && e.getMessage().contains("refused");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
