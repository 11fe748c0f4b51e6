package io.mqcontroller.controller.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest lines of the log, kept in memory: where they were written to is known to whoever started the process only. */
final class RecentLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final int MAX_LINES = 1_000;
    private static final int MAX_LINE_LENGTH = 4_000;

    private final PatternLayout layout = new PatternLayout();
    private final Deque<String> lines = new ArrayDeque<>();

    /** Keeps what is logged from now on. */
    static RecentLog keep() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RecentLog log = new RecentLog();
        log.setContext(context);
        log.layout.setContext(context);
        log.layout.setPattern("%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level [%thread] %logger{0} %msg%n");
        log.layout.start();
        log.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(log);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = layout.doLayout(event);
        synchronized (lines) {
            if (lines.size() == MAX_LINES) {
                lines.removeFirst();
            }
            lines.addLast(line.length() <= MAX_LINE_LENGTH ? line : line.substring(0, MAX_LINE_LENGTH) + "...\n");
        }
    }

    /** The oldest first. */
    String text() {
        synchronized (lines) {
            return String.join("", lines);
        }
    }

    @Override
    public void close() {
        ((LoggerContext) getContext()).getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
        stop();
    }
}
