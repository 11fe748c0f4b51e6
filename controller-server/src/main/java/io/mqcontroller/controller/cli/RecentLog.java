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
    private static final int MAX_LINE_LENGTH = 4_000;

    private final int maxLines;
    private final PatternLayout layout = new PatternLayout();
    private final Deque<String> lines = new ArrayDeque<>();

    private RecentLog(int maxLines) {
        this.maxLines = maxLines;
        layout.setPattern("%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level [%thread] %logger{0} %msg%n");
    }

    /** Keeps what is logged from now on; nothing in a process of somebody else's that logs in another way. */
    static RecentLog keep(int maxLines) {
        RecentLog log = new RecentLog(maxLines);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            log.setContext(context);
            log.layout.setContext(context);
            log.layout.start();
            log.start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(log);
        }
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = layout.doLayout(event);
        synchronized (lines) {
            if (lines.size() == maxLines) {
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
        if (getContext() instanceof LoggerContext kept) {
            kept.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
        }
        stop();
    }
}
