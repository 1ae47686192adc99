package mansio.codec.message;

import mansio.codec.text.Ascii;

/**
 * The base subject of RFC 5256 section 2.1: a subject without reply and forward marks, by which
 * threads are found.
 *
 * @param text decoded, single spaces, spelling kept
 * @param replyOrForward true when something was removed that marks a reply or forward
 */
public record BaseSubject(String text, boolean replyOrForward) {
    /** Chars that are looked at; keeps the repeated steps cheap. */
    private static final int MAX_LENGTH = 2000;

    /** Makes it of an unfolded Subject value, encoded words not decoded. */
    public static BaseSubject of(String subject) {
        return new Extraction(singleSpaced(EncodedWords.decode(subject))).run();
    }

    // Step 1: all tabs and continuations to space, multiple spaces to one.
    private static String singleSpaced(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length() && out.length() < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!space) {
                out.append(c);
            } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        return out.toString();
    }

    private static final class Extraction {
        private String text;
        private boolean marked;

        Extraction(String text) {
            this.text = text;
        }

        BaseSubject run() {
            do {
                trailers(); // Step 2.
                leaders(); // Steps 3 to 5.
            } while (forwardWrap()); // Step 6.
            return new BaseSubject(text, marked);
        }

        // subj-trailer = "(fwd)" / WSP
        private void trailers() {
            boolean again = true;
            while (again) {
                text = text.stripTrailing();
                again = text.length() >= 5 && endsWithFwd();
                if (again) {
                    text = text.substring(0, text.length() - 5);
                    marked = true;
                }
            }
        }

        private boolean endsWithFwd() {
            return Ascii.equalsIgnoreCase(text.substring(text.length() - 5), "(fwd)");
        }

        private void leaders() {
            boolean again = true;
            while (again) {
                int leader = leader();
                if (leader > 0) {
                    text = text.substring(leader);
                    continue;
                }
                int blob = blob(0);
                again = blob > 0 && blob < text.length();
                if (again) {
                    text = text.substring(blob);
                }
            }
        }

        /** Length of a subj-leader at the start, 0 when there is none. */
        // subj-leader = (*subj-blob subj-refwd) / WSP
        private int leader() {
            if (text.startsWith(" ")) {
                return 1;
            }
            int at = 0;
            int blob = blob(at);
            while (blob > at) {
                at = blob;
                blob = blob(at);
            }
            int end = refwd(at);
            marked |= end > at;
            return end > at ? end : 0;
        }

        // subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
        private int refwd(int start) {
            int at;
            if (has(start, "re") || (has(start, "fw") && !has(start, "fwd"))) {
                at = start + 2;
            } else if (has(start, "fwd")) {
                at = start + 3;
            } else {
                return start;
            }
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            at = blob(at);
            return at < text.length() && text.charAt(at) == ':' ? at + 1 : start;
        }

        private boolean has(int at, String word) {
            return at + word.length() <= text.length()
                    && Ascii.equalsIgnoreCase(text.substring(at, at + word.length()), word);
        }

        /** The end of a subj-blob at {@code start}, or {@code start}. */
        // subj-blob = "[" *BLOBCHAR "]" *WSP
        private int blob(int start) {
            if (start >= text.length() || text.charAt(start) != '[') {
                return start;
            }
            int at = start + 1;
            while (at < text.length() && text.charAt(at) != '[' && text.charAt(at) != ']') {
                at++;
            }
            if (at == text.length() || text.charAt(at) != ']') {
                return start;
            }
            at++;
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            return at;
        }

        // subj-fwd = subj-fwd-hdr subject subj-fwd-trl; subj-fwd-hdr = "[fwd:"
        private boolean forwardWrap() {
            if (!Ascii.startsWithIgnoreCase(text, "[fwd:") || !text.endsWith("]")) {
                return false;
            }
            text = text.substring(5, text.length() - 1);
            marked = true;
            return true;
        }
    }
}
