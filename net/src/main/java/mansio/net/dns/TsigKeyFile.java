package mansio.net.dns;

import mansio.codec.text.SyntaxException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code key} statements as BIND has them in its configuration and {@code tsig-keygen} prints
 * them. Used by one thread.
 *
 * <pre>{@code
 * key "mansio.example.org" {
 *     algorithm hmac-sha256;
 *     secret "c2VjcmV0";
 * };
 * }</pre>
 */
public final class TsigKeyFile {
    private static final int MAX_KEYS = 100;

    private final String text;
    private int at;

    /** Where the last word began. */
    private int wordAt;

    private TsigKeyFile(String text) {
        this.text = text;
    }

    /** Whether a text begins as such a file does: else it may be a bare secret. */
    public static boolean isMeant(String text) {
        try {
            TsigKeyFile in = new TsigKeyFile(text);
            String first = in.word();
            return first != null && first.equals("key");
        } catch (SyntaxException e) {
            return false;
        }
    }

    /**
     * All keys of a file, one at least.
     *
     * @throws SyntaxException when there is something else in it, a key has an algorithm that is
     *     not known here or a secret that is no Base64, or there are more than 100
     */
    public static List<TsigKey> parse(String text) {
        TsigKeyFile in = new TsigKeyFile(text);
        List<TsigKey> keys = new ArrayList<>();
        do {
            if (keys.size() == MAX_KEYS) throw new SyntaxException("too many keys", in.at);
            keys.add(in.key());
        } while (!in.atEnd());
        return keys;
    }

    // "key" name "{" *( clause ";" ) "}" [ ";" ]
    private TsigKey key() {
        expect("key");
        DnsName name = DnsName.parse(value());
        expect("{");
        Optional<TsigAlgorithm> algorithm = Optional.empty();
        Optional<String> secret = Optional.empty();
        while (!take("}")) {
            String clause = value();
            String value = value();
            switch (clause) {
                case "algorithm" -> {
                    algorithm = TsigAlgorithm.tryParse(value);
                    if (algorithm.isEmpty()) {
                        throw new SyntaxException("algorithm of a key is not known here", wordAt);
                    }
                }
                case "secret" -> secret = Optional.of(value);
                default ->
                        throw new SyntaxException(
                                "a key has an algorithm and a secret, and nothing else", wordAt);
            }
            expect(";");
        }
        take(";");
        if (algorithm.isEmpty() || secret.isEmpty()) {
            throw new SyntaxException("a key has no algorithm or no secret", at);
        }
        return TsigKey.ofBase64(name, algorithm.get(), secret.get());
    }

    private boolean atEnd() {
        skip();
        return at == text.length();
    }

    private boolean take(String wanted) {
        int before = at;
        if (wanted.equals(word())) return true;
        at = before;
        return false;
    }

    private void expect(String wanted) {
        if (!take(wanted)) throw new SyntaxException("'" + wanted + "' is expected", at);
    }

    /** A word that is no sign. */
    private String value() {
        String word = word();
        if (word == null || (word.length() == 1 && "{};".contains(word))) {
            throw new SyntaxException("a value is expected", wordAt);
        }
        return word;
    }

    /** The next word, quoted or not, or sign; null at the end. */
    private @Nullable String word() {
        skip();
        wordAt = at;
        if (at == text.length()) return null;
        char first = text.charAt(at);
        if ("{};".indexOf(first) >= 0) {
            at++;
            return String.valueOf(first);
        }
        if (first == '"') {
            int end = text.indexOf('"', at + 1);
            if (end < 0) throw new SyntaxException("a quote is not closed", at);
            String quoted = text.substring(at + 1, end);
            at = end + 1;
            return quoted;
        }
        while (at < text.length() && !endsWord(text.charAt(at))) at++;
        return text.substring(wordAt, at);
    }

    private static boolean endsWord(char c) {
        return isSpace(c) || "{};\"".indexOf(c) >= 0;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** White space and comments, in the three ways of BIND. */
    private void skip() {
        while (at < text.length()) {
            if (isSpace(text.charAt(at))) {
                at++;
            } else if (text.charAt(at) == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) throw new SyntaxException("a comment is not closed", at);
                at = end + 2;
            } else {
                return;
            }
        }
    }
}
