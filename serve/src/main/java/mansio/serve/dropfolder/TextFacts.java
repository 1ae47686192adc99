package mansio.serve.dropfolder;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What kind of text a message is.
 *
 * @param eightBit a byte above 127 stands somewhere
 * @param kind UTF-8 (RFC 3629) only when it is so from beginning to end
 */
record TextFacts(boolean eightBit, TextFacts.Kind kind) {
    /** How its bytes are to be read. */
    enum Kind {
        UTF_8,
        OTHER
    }

    /** The charset to name; empty for plain ASCII, which needs no name. */
    Optional<String> charset() {
        if (!eightBit) return Optional.empty();
        // RFC 1428: text whose charset nobody knows.
        return Optional.of(kind == Kind.UTF_8 ? "utf-8" : "unknown-8bit");
    }

    /** Reads to the end. */
    static TextFacts of(InputStream in) throws IOException {
        boolean eightBit = false;
        boolean utf8 = true;
        int toCome = 0; // Continuation bytes of the character at hand.
        byte[] chunk = new byte[1 << 16];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            for (int i = 0; i < n; i++) {
                int b = chunk[i] & 0xff;
                if (b < 0x80) {
                    utf8 &= toCome == 0;
                    continue;
                }
                eightBit = true;
                if (b < 0xc0) {
                    utf8 &= toCome > 0;
                    toCome--;
                } else {
                    utf8 &= toCome == 0 && b >= 0xc2 && b <= 0xf4;
                    toCome = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : 1;
                }
            }
        }
        return new TextFacts(eightBit, utf8 && toCome == 0 ? Kind.UTF_8 : Kind.OTHER);
    }
}
