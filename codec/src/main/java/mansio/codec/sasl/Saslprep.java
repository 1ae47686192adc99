package mansio.codec.sasl;

import com.ibm.icu.text.StringPrep;
import com.ibm.icu.text.StringPrepParseException;

import java.util.Optional;

/**
 * The preparation of user names and passwords before they are compared or hashed (RFC 4013), for
 * query strings: unassigned code points are allowed, so that a password typed today still works
 * when Unicode has grown.
 */
public final class Saslprep {
    /** Longest text that is prepared, in UTF-16 units. */
    public static final int MAX_LENGTH = 1024;

    private static final StringPrep PROFILE = StringPrep.getInstance(StringPrep.RFC4013_SASLPREP);

    private Saslprep() {}

    /** The prepared text; empty when it is prohibited, too long, or nothing is left of it. */
    public static Optional<String> prepare(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        if (isPrintableAscii(text)) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        try {
            String prepared = PROFILE.prepare(text, StringPrep.ALLOW_UNASSIGNED);
            return prepared.isEmpty() ? Optional.empty() : Optional.of(prepared);
        } catch (StringPrepParseException e) {
            return Optional.empty();
        }
    }

    private static boolean isPrintableAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
