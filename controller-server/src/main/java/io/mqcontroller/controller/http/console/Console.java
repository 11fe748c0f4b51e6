package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.http.HttpCall;
import io.mqcontroller.controller.http.HttpSite;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The page for operators, at {@code /}: reads only. */
public final class Console implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;
    private final HttpSite site;

    private Console(ConsoleSources sources) {
        thread = new ScheduledThreadPoolExecutor(1, Console::daemonThread);
        ConsoleFeed feed = new ConsoleFeed(sources, thread);
        ConsoleCalls calls = new ConsoleCalls(sources, feed, thread);
        Map<String, HttpCall> byPath = new TreeMap<>(ConsoleFiles.calls());
        byPath.put("/api/v1/state", calls::state);
        byPath.put("/api/v1/group", calls::group);
        site = new HttpSite(Map.of(), byPath, Map.of("/api/v1/events", calls::events));
        feed.start();
    }

    /** Begins to watch. */
    public static Console start(ConsoleSources sources) {
        return new Console(sources);
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
