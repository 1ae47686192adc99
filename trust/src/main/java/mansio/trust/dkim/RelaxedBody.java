package mansio.trust.dkim;

/**
 * The relaxed form (RFC 6376 section 3.4.4): white space at the end of lines goes, within lines it
 * becomes one space; empty lines at the end go; a body with anything in it ends with CRLF.
 */
final class RelaxedBody extends CanonicalBody {
    /** Line breaks that are written when something follows them. */
    private long crlfs;

    /** White space that is written, as one space, when something follows it on its line. */
    private boolean space;

    /** A CR came last, which may be half a line break. */
    private boolean cr;

    @Override
    void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = oddPlace(bytes, at, to);
            if (at < to) {
                int end = canonicalEnd(bytes, at, to);
                writePending();
                write(bytes, at, end);
                at = end;
            }
        }
    }

    /** Reads white space and line breaks; gives where something else begins. */
    private int oddPlace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (cr) {
                cr = false;
                if (b == '\n') {
                    space = false;
                    crlfs++;
                    at++;
                    continue;
                }
                writePending();
                write('\r');
            }
            if (b == '\r') {
                cr = true;
            } else if (b == ' ' || b == '\t') {
                space = true;
            } else {
                return at;
            }
            at++;
        }
        return at;
    }

    /**
     * The end of the stretch that is canonical as it stands: within it white space is single spaces
     * inside a line, and each line break has something behind it. The first octet is neither.
     */
    private static int canonicalEnd(byte[] bytes, int from, int to) {
        int at = from + 1;
        while (at < to) {
            byte b = bytes[at];
            if (b > ' ' || b < '\t') { // Octets over 127 are negative.
                at++;
            } else if (b == ' ') {
                if (at + 1 == to || isOdd(bytes[at + 1])) {
                    return at;
                }
                at += 2;
            } else if (b == '\r') {
                if (at + 2 >= to || bytes[at + 1] != '\n' || isOdd(bytes[at + 2])) {
                    return at;
                }
                at += 3;
            } else if (b == '\t') {
                return at;
            } else {
                at++;
            }
        }
        return at;
    }

    private static boolean isOdd(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private void writePending() {
        writeCrlfs(crlfs);
        crlfs = 0;
        if (space) {
            write(' ');
            space = false;
        }
    }

    @Override
    void finish() {
        if (cr) {
            writePending();
            write('\r');
        }
        if (hasContent()) {
            writeCrlfs(1);
        }
    }
}
