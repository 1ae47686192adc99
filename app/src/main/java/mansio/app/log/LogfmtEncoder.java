package mansio.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;

import org.slf4j.event.KeyValuePair;

import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/**
 * Writes an event as one line of {@code key=value} pairs: {@code time level room msg} and the
 * event's own pairs. Control characters from outside cannot break the line or reach a terminal. A
 * stack goes into {@code stack}, its lines separated by {@code " | "}.
 */
final class LogfmtEncoder extends EncoderBase<ILoggingEvent> {
    private static final int MAX_STACK_LINES = 40;
    private static final byte[] NOTHING = new byte[0];
    private final boolean journal;

    /**
     * @param journal true when the line goes to journald, which adds the time itself and reads a
     *     priority from {@code <n>}
     */
    LogfmtEncoder(boolean journal) {
        this.journal = journal;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200);
        if (journal) line.append('<').append(priority(event.getLevel())).append('>');
        else
            line.append("time=")
                    .append(event.getInstant().truncatedTo(ChronoUnit.MILLIS))
                    .append(' ');
        line.append("level=").append(event.getLevel().levelStr.toLowerCase(java.util.Locale.ROOT));
        line.append(" room=").append(room(event.getLoggerName()));
        pair(line, "msg", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs())
                pair(line, pair.key, String.valueOf(pair.value));
        }
        if (event.getThrowableProxy() != null)
            pair(line, "stack", stack(event.getThrowableProxy()));
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@code mansio.serve.inbound.Inbound} is {@code inbound}; foreign loggers keep their last
     * word.
     */
    private static String room(String logger) {
        int end = logger.lastIndexOf('.');
        if (!logger.startsWith("mansio.") || end < 0) return logger.substring(end + 1);
        return logger.substring(logger.lastIndexOf('.', end - 1) + 1, end);
    }

    private static void pair(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        if (isBare(value)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') line.append('\\').append(c);
            else if (c == '\n') line.append("\\n");
            else line.append(Visible.line(String.valueOf(c)));
        }
        line.append('"');
    }

    private static boolean isBare(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\' || Visible.isHidden(c)) return false;
        }
        return !value.isEmpty();
    }

    private static String stack(IThrowableProxy thrown) {
        StringBuilder text = new StringBuilder();
        int left = MAX_STACK_LINES;
        for (IThrowableProxy cause = thrown; cause != null && left > 0; cause = cause.getCause()) {
            if (!text.isEmpty()) text.append(" | caused by ");
            text.append(cause.getClassName()).append(": ").append(cause.getMessage());
            for (StackTraceElementProxy element : cause.getStackTraceElementProxyArray()) {
                if (left-- <= 0) break;
                text.append(" | ").append(element.getStackTraceElement());
            }
        }
        return text.toString();
    }

    private static int priority(Level level) {
        return switch (level.levelInt) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}
