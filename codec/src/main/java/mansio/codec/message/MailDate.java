package mansio.codec.message;

import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The date-time of RFC 5322 sections 3.3 and 4.3: comments, two-digit years, named zones, missing
 * seconds and zones. Lenient beyond that: the day of the week is not checked, and {@code Sun Nov 6
 * 08:49:37 1994} of asctime is taken.
 */
public final class MailDate {
    /** Chars that are looked at. */
    private static final int MAX_LENGTH = 200;

    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    // RFC 5322 4.3: obs-zone, offsets in hours.
    private static final Map<String, Integer> ZONES =
            Map.of(
                    "edt", -4, "est", -5, "cdt", -5, "cst", -6, "mdt", -6, "mst", -7, "pdt", -7,
                    "pst", -8);

    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    .appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT)
                    .appendPattern(", d ")
                    .appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT)
                    .appendPattern(" yyyy HH:mm:ss xx")
                    .toFormatter(Locale.ROOT);

    private final Cursor in;

    private MailDate(String value) {
        this.in = new Cursor(value);
    }

    /** Parses an unfolded value; empty when it is no date. */
    public static Optional<OffsetDateTime> parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return new MailDate(value).dateTime();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The form that RFC 5322 section 3.3 wants written. */
    public static String format(OffsetDateTime date) {
        return FORMAT.format(date);
    }

    /** The date-time after the last ";" of a Received field. */
    public static Optional<OffsetDateTime> ofReceived(String value) {
        return parse(value.substring(value.lastIndexOf(';') + 1));
    }

    // date-time = [ day-of-week "," ] date time [CFWS]
    private Optional<OffsetDateTime> dateTime() {
        skipCfws();
        if (Ascii.isLetter(in.peek())) {
            String word = in.takeWhile(Ascii::isLetter);
            skipCfws();
            in.take(',');
            in.take('.');
            skipCfws();
            if (Ascii.isLetter(in.peek()) && !word.isEmpty()) {
                return asctime();
            }
        }
        int day = number();
        separator();
        int month = month();
        separator();
        int year = year();
        if (day < 0 || month < 0 || year < 0) {
            return Optional.empty();
        }
        return time(day, month, year).map(local -> local.atOffset(zone()));
    }

    // C standard: Www Mmm dd hh:mm:ss yyyy
    private Optional<OffsetDateTime> asctime() {
        int month = month();
        skipCfws();
        int day = number();
        skipCfws();
        int timeAt = in.offset();
        in.skipWhile(c -> c == ':' || Ascii.isDigit(c));
        skipCfws();
        int zoneAt = in.offset();
        in.skipWhile(Ascii::isLetter); // "14:36:56 EDT 2018", as date(1) prints.
        boolean zoneFirst = in.offset() > zoneAt;
        skipCfws();
        int year = year();
        int end = zoneFirst ? zoneAt : in.offset();
        if (month < 0 || day < 0 || year < 0) {
            return Optional.empty();
        }
        in.reset(timeAt);
        Optional<LocalDateTime> local = time(day, month, year);
        in.reset(end);
        return local.map(found -> found.atOffset(zone()));
    }

    /** Some senders write 21-Nov-1997. */
    private void separator() {
        skipCfws();
        if (in.take('-') || in.take('.')) {
            skipCfws();
        }
    }

    private int number() {
        String digits = in.takeWhile(Ascii::isDigit);
        return digits.isEmpty() || digits.length() > 4 ? -1 : Integer.parseInt(digits);
    }

    private int month() {
        String word = Ascii.lower(in.takeWhile(Ascii::isLetter));
        if (word.length() < 3) {
            return -1;
        }
        int at = MONTHS.indexOf(word.substring(0, 3));
        return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
    }

    // RFC 5322 4.3: two digits 00 to 49 are 2000 to 2049; else two or three digits add 1900.
    private int year() {
        int start = in.offset();
        int year = number();
        int digits = in.offset() - start;
        if (digits == 2) {
            return year < 50 ? 2000 + year : 1900 + year;
        }
        return digits == 3 ? 1900 + year : year;
    }

    // time-of-day = hour ":" minute [ ":" second ]
    private Optional<LocalDateTime> time(int day, int month, int year) {
        skipCfws();
        int hour = number();
        skipCfws();
        if (!in.take(':')) {
            return Optional.empty();
        }
        skipCfws();
        int minute = number();
        skipCfws();
        int second = 0;
        if (in.take(':')) {
            skipCfws();
            second = number();
            if (in.take('.')) {
                in.skipWhile(Ascii::isDigit); // Fractions: seen, never allowed.
            }
        }
        if (hour < 0 || minute < 0 || second < 0) {
            return Optional.empty();
        }
        // A leap second has no place in java.time.
        return Optional.of(
                LocalDateTime.of(year, month, day, hour, minute, second == 60 ? 59 : second));
    }

    // zone = (FWS ( "+" / "-" ) 4DIGIT) / obs-zone; a missing one and unknown names mean -0000.
    private ZoneOffset zone() {
        skipCfws();
        boolean minus = in.peek() == '-';
        if (in.take('+') || in.take('-')) {
            int value = number();
            if (value < 0) {
                return ZoneOffset.UTC;
            }
            int minutes = value / 100 * 60 + value % 100;
            // java.time ends at 18 hours; nothing real is beyond 14.
            return minutes > 18 * 60
                    ? ZoneOffset.UTC
                    : ZoneOffset.ofTotalSeconds((minus ? -minutes : minutes) * 60);
        }
        String name = Ascii.lower(in.takeWhile(Ascii::isLetter));
        return ZoneOffset.ofHours(ZONES.getOrDefault(name, 0));
    }

    private void skipCfws() {
        int depth = 0;
        while (!in.atEnd()) {
            int c = in.peek();
            if (c == '(') {
                depth++;
            } else if (depth > 0 && c == ')') {
                depth--;
            } else if (depth > 0 && c == '\\' && in.peek(1) != Cursor.END) {
                in.next();
            } else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return;
            }
            in.next();
        }
    }
}
