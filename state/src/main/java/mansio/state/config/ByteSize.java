package mansio.state.config;

/** A number of bytes, written as {@code 50 MiB}. */
public record ByteSize(long bytes) {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int MAX_DIGITS = 12;

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size " + bytes);
        }
    }

    /**
     * Reads a number with a unit of B, KiB, MiB, GiB or TiB, with or without a space between.
     *
     * @throws IllegalArgumentException when it is no such text
     */
    public static ByteSize parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        String unit = text.substring(digits).strip();
        if (digits > 0 && digits <= MAX_DIGITS) {
            long number = Long.parseLong(text.substring(0, digits));
            for (int i = 0; i < UNITS.length; i++) {
                if (UNITS[i].equals(unit) && number <= Long.MAX_VALUE >> (10 * i)) {
                    return new ByteSize(number << (10 * i));
                }
            }
        }
        throw new IllegalArgumentException(
                "not a size such as 50 MiB (units: B, KiB, MiB, GiB, TiB)");
    }

    /** The form that {@link #parse} reads, with the largest unit that leaves a whole number. */
    @Override
    public String toString() {
        int unit = 0;
        long number = bytes;
        while (number > 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + " " + UNITS[unit];
    }
}
