package mansio.serve.dropfolder;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of what a program wrote, as mail wants them: LF, CRLF and CR all end a line, as
 * programs have them and as one that draws its progress writes them; NUL bytes are left out (RFC
 * 5322 section 4); a line longer than 998 bytes (section 2.1.1) is broken, and goes on behind a
 * space, so that a header field stays one. Owned by one thread.
 */
final class LocalLines {
    /** Without CRLF. */
    static final int MAX_LINE = 998;

    private final InputStream in;
    private final byte[] line = new byte[MAX_LINE + 4];
    private int length;

    /** What was read beyond the line: a byte, {@link #NONE} or the end, -1. */
    private int ahead = NONE;

    /** What the next line begins with, when this one was broken. */
    private byte[] carried = new byte[0];

    private boolean broken;

    private static final int NONE = -2;

    /**
     * @param in buffered; not closed
     */
    LocalLines(InputStream in) {
        this.in = in;
    }

    /**
     * Goes to the next line; false at the end. A file that ends with a line end has none behind it.
     */
    boolean next() throws IOException {
        length = 0;
        boolean goesOn = broken;
        if (broken) {
            add((byte) ' ');
            for (byte b : carried) add(b);
            broken = false;
        }
        while (true) {
            int b = take();
            if (b < 0) return goesOn || length > 0;
            if (b == '\n') return true;
            if (b == '\r') {
                while (peek() == '\r') take(); // Old interfaces turned CRLF into CR CRLF.
                if (peek() == '\n') take();
                return true;
            }
            if (b == 0) continue;
            if (length >= MAX_LINE) {
                breakBefore((byte) b);
                return true;
            }
            add((byte) b);
        }
    }

    /** The line without its end. */
    byte[] line() {
        return Arrays.copyOf(line, length);
    }

    /** The line is full, and this byte comes: characters of UTF-8 stay whole. */
    private void breakBefore(byte b) {
        int cut = length;
        if (continues(b)) {
            int lead = length - 1;
            while (lead > length - 4 && continues(line[lead])) lead--;
            if ((line[lead] & 0xc0) == 0xc0) cut = lead;
        }
        carried = Arrays.copyOfRange(line, cut, length + 1);
        carried[length - cut] = b;
        length = cut;
        broken = true;
    }

    private static boolean continues(byte b) {
        return (b & 0xc0) == 0x80;
    }

    private void add(byte b) {
        line[length++] = b;
    }

    private int take() throws IOException {
        int b = peek();
        if (b >= 0) ahead = NONE;
        return b;
    }

    private int peek() throws IOException {
        if (ahead == NONE) ahead = in.read();
        return ahead;
    }
}
