package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.http.HttpCall;
import io.mqcontroller.controller.http.HttpSite;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;

/** The page for operators, at {@code /}. Only who is signed in may do more than look. */
public final class Console implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;
    private final HttpSite site;

    private Console(ConsoleSources sources, Optional<PasswordHash> password, LongSupplier nanos) {
        thread = new ScheduledThreadPoolExecutor(1, Console::daemonThread);
        ConsoleFeed feed = new ConsoleFeed(sources, thread);
        ConsoleCalls calls = new ConsoleCalls(sources, feed, thread);
        Map<String, HttpCall> byPath = new TreeMap<>(ConsoleFiles.calls());
        byPath.put("/api/v1/state", calls::state);
        byPath.put("/api/v1/group", calls::group);
        SignIn signIn = new SignIn(password, cookieOf(sources), nanos, thread);
        byPath.put("/api/v1/session", signIn::session);
        if (password.isPresent()) {
            ActionCalls actions = new ActionCalls(sources, signIn, thread);
            byPath.put("/api/v1/switch-over", actions::switchOver);
            byPath.put("/api/v1/drain", actions::drain);
            byPath.put("/api/v1/undrain", actions::undrain);
            byPath.put("/api/v1/elect", actions::elect);
        }
        site = new HttpSite(Map.of(), byPath, Map.of("/api/v1/events", calls::events));
        feed.start();
    }

    /**
     * Begins to watch.
     *
     * @param password of those who may act; empty: nobody may
     */
    public static Console start(ConsoleSources sources, Optional<PasswordHash> password) {
        return start(sources, password, System::nanoTime);
    }

    /** @param nanos the monotonic clock */
    static Console start(ConsoleSources sources, Optional<PasswordHash> password, LongSupplier nanos) {
        return new Console(sources, password, nanos);
    }

    /** Several controllers on one machine must not take each other's cookies. */
    private static String cookieOf(ConsoleSources sources) {
        String self = sources.cluster() + "/" + sources.raft().get().self();
        return "mqcontroller-" + Integer.toHexString(self.hashCode());
    }

    /** What the HTTP server is to answer. */
    public HttpSite site() {
        return site;
    }

    /** Ends the thread; who asks afterwards gets no answer, so the server is closed first. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static Thread daemonThread(Runnable work) {
        Thread thread = new Thread(work, "console");
        thread.setDaemon(true);
        return thread;
    }
}
