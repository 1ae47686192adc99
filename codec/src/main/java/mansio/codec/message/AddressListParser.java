package mansio.codec.message;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Grammar of RFC 5322 sections 3.4 and 4.4 with RFC 6532, lenient, on unfolded values. Each char is
 * looked at a fixed number of times and nothing recurses, whatever the input.
 */
final class AddressListParser {
    private static final int END = -1;

    private final String text;
    private final List<AddressEntry> entries = new ArrayList<>();
    private final List<NamedAddress> members = new ArrayList<>();
    private final Set<NamedAddress.Oddity> oddities = EnumSet.noneOf(NamedAddress.Oddity.class);

    /** The words of the current entry outside of angle brackets, separated by single spaces. */
    private final StringBuilder words = new StringBuilder();

    private final AddrSpec spec = new AddrSpec();
    private int at;
    private int count;
    private boolean inGroup;
    private String groupName = "";
    private String comment = "";
    private boolean spaceBefore;

    AddressListParser(String text) {
        this.text = text;
    }

    // address-list = (address *("," address)) / obs-addr-list
    AddressList parse() {
        while (at < text.length() && count < Limits.ADDRESSES) {
            int c = text.charAt(at);
            switch (c) {
                case ',' -> endOfEntry();
                case ';' -> endOfGroup();
                case ':' -> colon();
                case '<' -> angleAddr();
                case '(' -> comment();
                case ' ', '\t', '\r', '\n' -> space();
                default -> word(c);
            }
        }
        boolean truncated = at < text.length();
        if (!truncated) {
            endOfGroup();
        } else if (inGroup) {
            addGroup();
        }
        return new AddressList(entries, truncated);
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private void space() {
        spaceBefore = true;
        at++;
    }

    /** A quoted string, a domain literal, "@", or an atom with dots. */
    private void word(int c) {
        boolean gap = spaceBefore && !words.isEmpty();
        spaceBefore = false;
        if (gap) {
            words.append(' ');
        }
        int from = words.length();
        if (c == '"') {
            quotedString(words);
            spec.piece(words.substring(from), gap);
        } else if (c == '@') {
            words.append('@');
            at++;
            spec.atSign();
        } else {
            atom(words);
            spec.piece(words.substring(from), gap);
        }
    }

    private void atom(StringBuilder out) {
        int start = at;
        boolean literal = text.charAt(at) == '[';
        while (at < text.length() && !endsAtom(text.charAt(at), literal)) {
            control(text.charAt(at));
            at++;
        }
        if (literal && peek() == ']') {
            at++;
        }
        if (at == start) {
            at++; // A stray char of the grammar: ")" or ">" or such.
        }
        out.append(text, start, at);
    }

    private static boolean endsAtom(char c, boolean literal) {
        if (literal) {
            return c == ']' || c == '>' || c == ',' || c == ';';
        }
        return " \t\r\n,;:<>()\"@".indexOf(c) >= 0;
    }

    private void control(char c) {
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            oddities.add(NamedAddress.Oddity.CONTROL_CHARACTER);
        }
    }

    // quoted-string = [CFWS] DQUOTE *([FWS] qcontent) [FWS] DQUOTE [CFWS]
    private void quotedString(StringBuilder out) {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            control(text.charAt(at));
            out.append(text.charAt(at++));
        }
        if (at < text.length()) {
            at++;
        } else {
            oddities.add(NamedAddress.Oddity.UNFINISHED);
        }
    }

    // comment = "(" *([FWS] ccontent) [FWS] ")"
    private void comment() {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        do {
            char c = text.charAt(at++);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            control(c);
            if (depth > 1 || (depth == 1 && !out.isEmpty()) || (depth == 1 && c != '(')) {
                out.append(c);
            }
        } while (depth > 0 && at < text.length());
        if (depth > 0) {
            oddities.add(NamedAddress.Oddity.UNFINISHED);
        }
        String found = out.toString().strip();
        comment = found.isEmpty() ? comment : found;
        spaceBefore = true;
        spec.comment();
    }

    // angle-addr = [CFWS] "<" addr-spec ">" [CFWS] / obs-angle-addr
    private void angleAddr() {
        String name = words.toString();
        at++;
        String route = route();
        spec.clear();
        while (at < text.length() && "<>,;".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            switch (c) {
                case '(' -> comment();
                case ' ', '\t', '\r', '\n' -> space();
                case '@' -> {
                    at++;
                    spec.atSign();
                }
                case ':' -> {
                    at++;
                    spec.piece(":", false);
                }
                default -> angleWord(c);
            }
        }
        if (peek() == '>') {
            at++;
        } else {
            oddities.add(NamedAddress.Oddity.UNFINISHED);
        }
        if (!route.isEmpty()) {
            oddities.add(NamedAddress.Oddity.ROUTE);
        }
        String trailing = trailingText();
        String shown = name.isEmpty() ? (trailing.isEmpty() ? comment : trailing) : name;
        addMailbox(shown, route);
    }

    private void angleWord(char c) {
        StringBuilder piece = new StringBuilder();
        if (c == '"') {
            quotedString(piece);
        } else {
            atom(piece);
        }
        spec.piece(piece.toString(), false);
        spaceBefore = false;
    }

    // obs-route = obs-domain-list ":"
    private String route() {
        int i = at;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == ',')) {
            i++;
        }
        if (i == text.length() || text.charAt(i) != '@') {
            return "";
        }
        int end = i;
        while (end < text.length() && ":<>\"(;".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == text.length() || text.charAt(end) != ':') {
            return "";
        }
        String route = text.substring(i, end).replace(" ", "");
        at = end + 1;
        return route;
    }

    /** Comments, spaces and stray words after ">". */
    private String trailingText() {
        StringBuilder out = new StringBuilder();
        while (at < text.length() && ",;<".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                space();
            } else {
                oddities.add(NamedAddress.Oddity.TEXT_AFTER_ADDRESS);
                if (!out.isEmpty() && spaceBefore) {
                    out.append(' ');
                }
                spaceBefore = false;
                if (c == '"') {
                    quotedString(out);
                } else {
                    atom(out);
                }
            }
        }
        return out.toString();
    }

    // group = display-name ":" [group-list] ";" [CFWS]
    private void colon() {
        at++;
        if (inGroup || spec.hasAt() || words.isEmpty()) {
            words.append(':');
            spec.piece(":", false);
            return;
        }
        inGroup = true;
        groupName = words.toString();
        reset();
    }

    private void endOfEntry() {
        at++;
        endOfMailbox();
        reset();
    }

    private void endOfGroup() {
        at++;
        endOfMailbox();
        if (inGroup) {
            addGroup();
        }
        reset();
    }

    private void addGroup() {
        entries.add(new AddressGroup(groupName, members));
        members.clear();
        inGroup = false;
        count++;
    }

    /** A mailbox without angle brackets, if there is any. */
    private void endOfMailbox() {
        if (words.isEmpty()) {
            return;
        }
        if (spec.hasLooseWords()) {
            oddities.add(NamedAddress.Oddity.LOOSE_WORDS);
        }
        addMailbox(comment, "");
    }

    private void addMailbox(String name, String route) {
        if (spec.hasManyAts()) {
            oddities.add(NamedAddress.Oddity.MANY_AT_SIGNS);
        }
        if (spec.hasInnerComment()) {
            oddities.add(NamedAddress.Oddity.COMMENT_IN_ADDRESS);
        }
        NamedAddress mailbox =
                new NamedAddress(name, route, spec.localPart(), spec.domain(), oddities);
        if (inGroup) {
            members.add(mailbox);
        } else {
            entries.add(mailbox);
        }
        count++;
        reset();
    }

    private void reset() {
        words.setLength(0);
        spec.clear();
        oddities.clear();
        comment = "";
        spaceBefore = false;
    }

    /** Gathers the pieces of one addr-spec. */
    // addr-spec = local-part "@" domain
    private static final class AddrSpec {
        private final StringBuilder local = new StringBuilder();
        private final StringBuilder domain = new StringBuilder();
        private int ats;
        private boolean looseWords;
        private boolean commentSeen;
        private boolean innerComment;
        private boolean empty = true;

        /**
         * @param gap true when white space and no "@" or dot stands before the piece
         */
        void piece(String piece, boolean gap) {
            StringBuilder target = ats == 0 ? local : domain;
            boolean joined =
                    target.isEmpty()
                            || piece.startsWith(".")
                            || target.charAt(target.length() - 1) == '.';
            if (gap && !joined) {
                looseWords = true;
                target.append(' ');
            }
            target.append(piece);
            next();
        }

        void atSign() {
            if (ats > 0) {
                domain.append('@');
            }
            ats++;
            next();
        }

        void comment() {
            commentSeen = !empty;
        }

        private void next() {
            innerComment |= commentSeen;
            empty = false;
        }

        void clear() {
            local.setLength(0);
            domain.setLength(0);
            ats = 0;
            looseWords = false;
            commentSeen = false;
            innerComment = false;
            empty = true;
        }

        boolean hasAt() {
            return ats > 0;
        }

        boolean hasManyAts() {
            return ats > 1;
        }

        /** Only beside an "@" are words loose; without one there is no address at all. */
        boolean hasLooseWords() {
            return looseWords && ats > 0;
        }

        boolean hasInnerComment() {
            return innerComment && ats > 0;
        }

        String localPart() {
            return local.toString();
        }

        String domain() {
            return domain.toString();
        }
    }
}
