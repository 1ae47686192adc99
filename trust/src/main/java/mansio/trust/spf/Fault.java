package mansio.trust.spf;

/** Ends a check at once: temperror or permerror, of whatever record (RFC 7208 section 4.6.2). */
final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final Result result;

    private Fault(Result result, String reason) {
        super(reason, null, false, false);
        this.result = result;
    }

    static Fault temporary(String reason) {
        return new Fault(Result.TEMPERROR, reason);
    }

    static Fault permanent(String reason) {
        return new Fault(Result.PERMERROR, reason);
    }

    Result result() {
        return result;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
