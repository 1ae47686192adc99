package mansio.codec.imap;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** RFC 9051 9: date and date-time, and how they are printed. */
final class DateParser {
    static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private final CommandInput in;

    DateParser(CommandInput in) {
        this.in = in;
    }

    // RFC 9051 9: date = date-text / DQUOTE date-text DQUOTE
    LocalDate date() throws BadCommandException {
        boolean quoted = in.take('"');
        LocalDate date = dateText();
        if (quoted) {
            in.expect('"');
        }
        return date;
    }

    // RFC 9051 9: date-text = date-day "-" date-month "-" date-year; date-day = 1*2DIGIT
    private LocalDate dateText() throws BadCommandException {
        int day = in.fixedDigits(1);
        if (CommandInput.isDigit(in.peek())) {
            day = day * 10 + in.fixedDigits(1);
        }
        return monthAndYear(day);
    }

    // RFC 9051 9: "-" date-month "-" date-year
    private LocalDate monthAndYear(int day) throws BadCommandException {
        in.expect('-');
        int month = month();
        in.expect('-');
        int year = in.fixedDigits(4);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            throw in.error("No such day");
        }
    }

    // RFC 9051 9: date-month = "Jan" / "Feb" / ...
    private int month() throws BadCommandException {
        for (int i = 0; i < MONTHS.size(); i++) {
            // A word ends before the hyphen only here: take it letter by letter.
            if (takeLetters(MONTHS.get(i))) {
                return i + 1;
            }
        }
        throw in.error("Month expected");
    }

    private boolean takeLetters(String letters) {
        return in.takeLetters(letters.toUpperCase(Locale.ROOT));
    }

    /**
     * RFC 9051 9: date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone
     * DQUOTE. A day of one digit without its space is taken too: RFC 3501 clients with a printf of
     * {@code %d} send it.
     */
    OffsetDateTime dateTime() throws BadCommandException {
        in.expect('"');
        boolean padded = in.take(' ');
        int day = in.fixedDigits(1);
        if (!padded && CommandInput.isDigit(in.peek())) {
            day = day * 10 + in.fixedDigits(1);
        }
        LocalDate date = monthAndYear(day);
        in.space();
        LocalDateTime time = time(date);
        in.space();
        ZoneOffset zone = zone();
        in.expect('"');
        return OffsetDateTime.of(time, zone);
    }

    // RFC 9051 9: time = 2DIGIT ":" 2DIGIT ":" 2DIGIT
    private LocalDateTime time(LocalDate date) throws BadCommandException {
        int hour = in.fixedDigits(2);
        in.expect(':');
        int minute = in.fixedDigits(2);
        in.expect(':');
        int second = in.fixedDigits(2);
        try {
            return date.atTime(
                    hour, minute, Math.min(second, 59)); // A leap second is the last one.
        } catch (DateTimeException e) {
            throw in.error("No such time");
        }
    }

    // RFC 9051 9: zone = ("+" / "-") 4DIGIT
    private ZoneOffset zone() throws BadCommandException {
        boolean west = in.take('-');
        if (!west) {
            in.expect('+');
        }
        int hours = in.fixedDigits(2);
        int minutes = in.fixedDigits(2);
        if (hours > 17 || minutes > 59) {
            throw in.error("No such zone");
        }
        int seconds = (hours * 60 + minutes) * 60;
        return ZoneOffset.ofTotalSeconds(west ? -seconds : seconds);
    }

    /** RFC 9051 9: date-text. */
    static String print(LocalDate date) {
        return date.getDayOfMonth()
                + "-"
                + MONTHS.get(date.getMonthValue() - 1)
                + "-"
                + String.format(Locale.ROOT, "%04d", date.getYear());
    }
}
