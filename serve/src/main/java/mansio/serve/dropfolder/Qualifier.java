package mansio.serve.dropfolder;

import mansio.codec.text.Domain;

/**
 * Completes addresses of a header field: local programs write {@code From: root (Cron Daemon)}. A
 * mailbox of one word without "@" gets the domain; nothing else is touched, and what cannot be
 * understood stays. Works on bytes as chars (ISO 8859-1), folding included.
 */
final class Qualifier {
    private final String value;
    private final String domain;
    private final StringBuilder out = new StringBuilder();
    private int copied;
    private int at;

    /**
     * Of the mailbox at hand: words outside of comments, where the last ends, and what was seen.
     */
    private int words;

    private int lastWordEnd;
    private boolean inWord;
    private boolean hasAt;
    private boolean hadAngle;

    private Qualifier(String value, Domain domain) {
        this.value = value;
        this.domain = domain.text();
    }

    /**
     * The value with its addresses completed.
     *
     * @param value of an address field, as it stands in the header
     */
    static String qualify(String value, Domain domain) {
        return new Qualifier(value, domain).run();
    }

    private String run() {
        while (at < value.length()) {
            char c = value.charAt(at);
            switch (c) {
                case '(' -> comment();
                case '"' -> quoted();
                case '<' -> {
                    begin();
                    at++;
                }
                case '>' -> {
                    complete();
                    hadAngle = true;
                    at++;
                }
                case ',', ';' -> {
                    complete();
                    begin();
                    hadAngle = false;
                    at++;
                }
                case ':' -> { // The name of a group ends.
                    begin();
                    at++;
                }
                case '@' -> {
                    hasAt = true;
                    at++;
                }
                case ' ', '\t', '\r', '\n' -> {
                    inWord = false;
                    at++;
                }
                default -> word(at + 1);
            }
        }
        complete();
        return out.append(value, copied, value.length()).toString();
    }

    /** A mailbox, or the address within angle brackets, begins. */
    private void begin() {
        words = 0;
        hasAt = false;
        inWord = false;
    }

    private void complete() {
        if (words == 1 && !hasAt && !hadAngle) {
            out.append(value, copied, lastWordEnd).append('@').append(domain);
            copied = lastWordEnd;
        }
        begin();
    }

    private void word(int end) {
        if (!inWord) words++;
        inWord = true;
        at = end;
        lastWordEnd = end;
    }

    private void quoted() {
        int end = at + 1;
        while (end < value.length() && value.charAt(end) != '"') {
            end += value.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= value.length()) { // It does not end: nothing behind it can be trusted.
            hasAt = true;
            at = value.length();
        } else {
            word(end + 1);
        }
    }

    private void comment() {
        int depth = 0;
        inWord = false;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '(') depth++;
            if (c == ')') depth--;
            at += c == '\\' ? 2 : 1;
            if (depth == 0) return;
        }
        at = Math.min(at, value.length());
    }
}
