package mansio.state.config;

import java.time.Duration;

/** How spans of time are written: {@code 30 d}, {@code 12 h}, {@code 5 min}, {@code 10 s}. */
public final class TimeSpan {
    private static final String[] UNITS = {"s", "min", "h", "d"};
    private static final long[] SECONDS = {1, 60, 3_600, 86_400};
    private static final int MAX_DIGITS = 6;

    private TimeSpan() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Duration parse(String text) {
        for (int i = 0; i < UNITS.length; i++) {
            if (text.endsWith(UNITS[i])) {
                String number = text.substring(0, text.length() - UNITS[i].length()).strip();
                if (!number.isEmpty()
                        && number.length() <= MAX_DIGITS
                        && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return Duration.ofSeconds(Long.parseLong(number) * SECONDS[i]);
                }
            }
        }
        throw new IllegalArgumentException("not a time such as 30 d, 12 h, 5 min or 10 s");
    }
}
