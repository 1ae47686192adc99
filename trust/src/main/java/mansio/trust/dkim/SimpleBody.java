package mansio.trust.dkim;

/**
 * The simple form (RFC 6376 section 3.4.3): empty lines at the end become one CRLF, which also
 * stands for an empty body and behind a last line without one.
 */
final class SimpleBody extends CanonicalBody {
    /** Line breaks that are written when something follows them. */
    private long crlfs;

    /** A CR came last, which may be half a line break. */
    private boolean cr;

    @Override
    void feed(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        int end = to;
        boolean newCr = bytes[end - 1] == '\r';
        if (newCr) {
            end--;
        }
        long newCrlfs = 0;
        while (end - from >= 2 && bytes[end - 1] == '\n' && bytes[end - 2] == '\r') {
            end -= 2;
            newCrlfs++;
        }
        if (cr && end == from + 1 && bytes[from] == '\n') {
            // The line break that the piece before began; nothing but breaks in this one.
            crlfs += newCrlfs + 1;
            cr = newCr;
            return;
        }
        if (end > from || cr) {
            writeCrlfs(crlfs);
            crlfs = 0;
            if (cr) {
                write('\r');
            }
            write(bytes, from, end);
        }
        crlfs += newCrlfs;
        cr = newCr;
    }

    @Override
    void finish() {
        if (cr) {
            writeCrlfs(crlfs);
            write('\r');
        }
        writeCrlfs(1);
    }
}
