package mansio.app.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

import org.slf4j.LoggerFactory;

/**
 * Sets the log up, in code: one appender to standard error behind a bounded queue, so that a
 * connection does not wait for a terminal. When the queue is full, it does wait; no line is
 * dropped.
 */
public final class Logging {
    private static final int QUEUE = 4_096;

    private Logging() {}

    /**
     * Begins to log events of {@code level} (such as {@code info}) and above. Ends what was set up
     * before.
     */
    public static void start(String level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LogfmtEncoder encoder = new LogfmtEncoder(System.getenv("JOURNAL_STREAM") != null);
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(QUEUE);
        async.setDiscardingThreshold(0);
        async.addAppender(console);
        async.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level, Level.INFO));
        root.addAppender(async);
        // It would print a stack for each wrong signature of a stranger; we log what comes of it.
        context.getLogger("org.xbill.DNS").setLevel(Level.OFF);
    }

    /** Writes out what waits. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
