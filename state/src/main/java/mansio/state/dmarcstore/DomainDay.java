package mansio.state.dmarcstore;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What one report is about: a day in UTC and the domain whose record counted.
 *
 * @param day since 1970, 0 or more
 */
record DomainDay(int day, String domain) {
    static int dayOf(Instant instant) {
        return Math.clamp(Math.floorDiv(instant.getEpochSecond(), 86_400L), 0, 2_000_000);
    }

    static Instant start(int day) {
        return LocalDate.ofEpochDay(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
