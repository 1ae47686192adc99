package mansio.serve.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How times are shown to people: ISO 8601 in UTC. */
final class Times {
    private Times() {}

    /** To the second. */
    static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** To the millisecond. */
    static String milli(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
