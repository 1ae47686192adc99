package mansio.trust.spf;

/** What a directive that matches means (RFC 7208 section 4.6.2). */
public enum Qualifier {
    PASS('+', Result.PASS),
    FAIL('-', Result.FAIL),
    SOFTFAIL('~', Result.SOFTFAIL),
    NEUTRAL('?', Result.NEUTRAL);

    private final char sign;
    private final Result result;

    Qualifier(char sign, Result result) {
        this.sign = sign;
        this.result = result;
    }

    /** The char before the mechanism; {@code +} may be left out. */
    public char sign() {
        return sign;
    }

    /** The result of a record in which such a directive matches. */
    public Result result() {
        return result;
    }
}
