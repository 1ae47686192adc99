package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Grammar of RFC 5802 section 7. One method per production. */
final class ScramParser {
    /** Longest nonce that is accepted, in characters. */
    private static final int MAX_NONCE = 512;

    private final String text;
    private int at;

    ScramParser(byte[] message) throws Malformed {
        this.text =
                Utf8.decode(message, ServerMechanism.MAX_MESSAGE)
                        .filter(it -> it.indexOf('\0') < 0)
                        .orElseThrow(Malformed::new);
    }

    /** Not in the grammar. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super(null, null, false, false);
        }
    }

    /** gs2-cbind-flag: "n", "y", or "p=" and the type that the client binds to. */
    sealed interface Gs2CbindFlag {
        record NotSupported() implements Gs2CbindFlag {}

        record NotOffered() implements Gs2CbindFlag {}

        record Bound(String type) implements Gs2CbindFlag {}
    }

    /** client-first-message, in parts. */
    record ClientFirst(
            Gs2CbindFlag flag, Optional<String> authzid, String username, String nonce, Spans in) {
        String gs2Header() {
            return in.text.substring(0, in.bareFrom);
        }

        String bare() {
            return in.text.substring(in.bareFrom);
        }
    }

    /** Where the bare part of a message begins in its text. */
    record Spans(String text, int bareFrom) {}

    /** server-first-message, in parts. */
    record ServerFirst(String text, String nonce, byte[] salt, int iterations) {}

    /** client-final-message, in parts. */
    record ClientFinal(String channelBinding, String nonce, String withoutProof, byte[] proof) {}

    // client-first-message = gs2-header client-first-message-bare
    // client-first-message-bare = [reserved-mext ","] username "," nonce ["," extensions]
    ClientFirst clientFirst() throws Malformed {
        Gs2CbindFlag flag = gs2CbindFlag();
        expect(',');
        Optional<String> authzid = take("a=") ? Optional.of(saslName(value())) : Optional.empty();
        expect(',');
        int bareFrom = at;
        expect("n="); // A reserved-mext "m=" must fail (section 5.1), and does so here.
        String username = saslName(value());
        expect(',');
        String nonce = nonce();
        extensions();
        return new ClientFirst(flag, authzid, username, nonce, new Spans(text, bareFrom));
    }

    // gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
    private Gs2CbindFlag gs2CbindFlag() throws Malformed {
        if (take("n")) {
            return new Gs2CbindFlag.NotSupported();
        }
        if (take("y")) {
            return new Gs2CbindFlag.NotOffered();
        }
        expect("p=");
        return new Gs2CbindFlag.Bound(value());
    }

    // server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count [","
    // extensions]
    ServerFirst serverFirst() throws Malformed {
        String nonce = nonce();
        expect(",s=");
        byte[] salt = base64(value());
        expect(",i=");
        int iterations = positNumber();
        extensions();
        return new ServerFirst(text, nonce, salt, iterations);
    }

    // client-final-message = channel-binding "," nonce ["," extensions] "," proof
    ClientFinal clientFinal() throws Malformed {
        expect("c=");
        String channelBinding = value();
        expect(',');
        String nonce = nonce();
        int proofAt = text.lastIndexOf(",p=");
        while (at < proofAt) {
            extension();
        }
        if (at != proofAt) {
            throw new Malformed();
        }
        at += 3;
        byte[] proof = base64(value());
        expectEnd();
        return new ClientFinal(channelBinding, nonce, text.substring(0, proofAt), proof);
    }

    // server-final-message = (server-error / verifier) ["," extensions]
    /** The verifier; empty when the server sent an error. */
    Optional<byte[]> serverFinal() throws Malformed {
        if (take("e=")) {
            return Optional.empty();
        }
        expect("v=");
        byte[] verifier = base64(value());
        extensions();
        return Optional.of(verifier);
    }

    // nonce = "r=" c-nonce [s-nonce]; printable = %x21-2B / %x2D-7E
    private String nonce() throws Malformed {
        expect("r=");
        String nonce = value();
        for (int i = 0; i < nonce.length(); i++) {
            if (nonce.charAt(i) < 0x21 || nonce.charAt(i) > 0x7e) {
                throw new Malformed();
            }
        }
        if (nonce.length() > MAX_NONCE) {
            throw new Malformed();
        }
        return nonce;
    }

    // extensions = attr-val *("," attr-val)
    private void extensions() throws Malformed {
        while (at < text.length()) {
            extension();
        }
    }

    // attr-val = ALPHA "=" value
    private void extension() throws Malformed {
        expect(',');
        char name = at < text.length() ? text.charAt(at) : '\0';
        boolean alpha = (name >= 'A' && name <= 'Z') || (name >= 'a' && name <= 'z');
        if (!alpha || name == 'm') {
            throw new Malformed();
        }
        at++;
        expect('=');
        value();
    }

    // saslname = 1*(value-safe-char / "=2C" / "=3D")
    private static String saslName(String value) throws Malformed {
        if (value.indexOf('=') < 0) {
            return value;
        }
        StringBuilder name = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) != '=') {
                name.append(value.charAt(i));
            } else if (value.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (value.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                throw new Malformed();
            }
        }
        return name.toString();
    }

    /** The reverse of {@link #saslName(String)}. */
    static String quoteSaslName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    // value = 1*value-char
    private String value() throws Malformed {
        int comma = text.indexOf(',', at);
        int end = comma < 0 ? text.length() : comma;
        if (end == at) {
            throw new Malformed();
        }
        String value = text.substring(at, end);
        at = end;
        return value;
    }

    // posit-number = %x31-39 *DIGIT
    private int positNumber() throws Malformed {
        String digits = value();
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || (i == 0 && digit == 0) || i == 9) {
                throw new Malformed();
            }
            number = number * 10 + digit;
        }
        return number;
    }

    // base64 = *base64-4 [base64-3 / base64-2]
    private static byte[] base64(String value) throws Malformed {
        try {
            if (value.length() % 4 != 0) {
                throw new Malformed();
            }
            return Base64.getDecoder().decode(value.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new Malformed();
        }
    }

    private boolean take(String literal) {
        if (!text.startsWith(literal, at)) {
            return false;
        }
        at += literal.length();
        return true;
    }

    private void expect(String literal) throws Malformed {
        if (!take(literal)) {
            throw new Malformed();
        }
    }

    private void expect(char literal) throws Malformed {
        if (at >= text.length() || text.charAt(at) != literal) {
            throw new Malformed();
        }
        at++;
    }

    private void expectEnd() throws Malformed {
        if (at != text.length()) {
            throw new Malformed();
        }
    }
}
