package io.mqcontroller.controller.http;

import io.mqcontroller.controller.http.HttpPage.Answer;
import java.util.Optional;

/**
 * An answer without an end, in the format of server-sent events. Called on the connection's event loop, so it must not wait.
 */
@FunctionalInterface
public interface HttpStream {
    /**
     * Begins to send, on any thread, now or later.
     *
     * @return what to answer instead; empty: {@code outlet} is in use
     */
    Optional<Answer> open(HttpCall.Request request, Outlet outlet);

    /** One connection to which events go. Any thread. */
    interface Outlet {
        /**
         * Sends, or ends the connection if too much of what was sent before still waits: a slow reader must not fill the memory.
         *
         * @param bytes not changed afterwards
         * @return false: it has ended
         */
        boolean send(byte[] bytes);

        /** Ends the connection. */
        void close();
    }
}
