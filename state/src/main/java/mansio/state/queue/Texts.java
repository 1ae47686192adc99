package mansio.state.queue;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.time.Instant;

/** Texts from outside made fit to be kept and shown, and times in few bytes. */
final class Texts {
    private Texts() {}

    /** One line of at most {@code max} characters, without control characters. */
    static String clean(String text, int max) {
        String cut = text.strip();
        if (cut.length() > max) {
            int end = Character.isHighSurrogate(cut.charAt(max - 1)) ? max - 1 : max;
            cut = cut.substring(0, end);
        }
        StringBuilder clean = null;
        for (int i = 0; i < cut.length(); i++) {
            if (!Character.isISOControl(cut.charAt(i))) continue;
            if (clean == null) clean = new StringBuilder(cut);
            clean.setCharAt(i, ' ');
        }
        return clean == null ? cut : clean.toString();
    }

    /** Milliseconds since 1970, six bytes in this age; what is before counts as 1970. */
    static void write(ValueWriter out, Instant at) {
        out.varint(Math.max(0, at.toEpochMilli()));
    }

    static Instant instant(ValueReader in) {
        return Instant.ofEpochMilli(in.varint());
    }
}
