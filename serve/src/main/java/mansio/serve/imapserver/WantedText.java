package mansio.serve.imapserver;

import mansio.codec.text.Unicode;

/**
 * A text to be found in others without regard to case: RFC 9051 section 6.4.4. Takes time linear in
 * what is searched, however the two repeat themselves (Knuth, Morris, Pratt). Immutable.
 */
final class WantedText {
    private final String folded;

    /** How much of the wanted text still matches when the character behind that much does not. */
    private final int[] fallback;

    WantedText(String text) {
        this.folded = Unicode.foldCase(text);
        this.fallback = fallback(folded);
    }

    private static int[] fallback(String wanted) {
        int[] fallback = new int[wanted.length() + 1];
        int matched = 0;
        for (int i = 1; i < wanted.length(); i++) {
            while (matched > 0 && wanted.charAt(i) != wanted.charAt(matched)) {
                matched = fallback[matched];
            }
            matched += wanted.charAt(i) == wanted.charAt(matched) ? 1 : 0;
            fallback[i + 1] = matched;
        }
        return fallback;
    }

    boolean isEmpty() {
        return folded.isEmpty();
    }

    boolean isIn(String text) {
        Search search = search();
        search.goOn(text);
        return search.found();
    }

    /** A search in a text that comes in pieces. */
    Search search() {
        return new Search();
    }

    /** One search; remembers how much of the wanted text has matched so far. */
    final class Search {
        private int matched;

        /** Looks at the next piece. */
        void goOn(String piece) {
            String text = Unicode.foldCase(piece);
            for (int i = 0; i < text.length() && !found(); i++) {
                char next = text.charAt(i);
                while (matched > 0 && next != folded.charAt(matched)) {
                    matched = fallback[matched];
                }
                matched += next == folded.charAt(matched) ? 1 : 0;
            }
        }

        boolean found() {
            return matched == folded.length();
        }
    }
}
