package mansio.serve.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How times are shown to people: ISO 8601 in UTC. */
final class Times {
    private Times() {}

    /** To the second. */
    static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A span, such as {@code 2 d} or {@code 1 h 30 min}. */
    static String words(Duration span) {
        StringBuilder words = new StringBuilder();
        long[] amounts = {
            span.toDays(), span.toHoursPart(), span.toMinutesPart(), span.toSecondsPart()
        };
        String[] units = {"d", "h", "min", "s"};
        for (int i = 0; i < units.length; i++) {
            if (amounts[i] == 0) continue;
            words.append(words.isEmpty() ? "" : " ")
                    .append(amounts[i])
                    .append(' ')
                    .append(units[i]);
        }
        return words.isEmpty() ? "0 s" : words.toString();
    }

    /** To the millisecond. */
    static String milli(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
