package mansio.codec.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Message identifiers of Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4), without
 * their angle brackets and with no white space inside.
 */
public final class MessageIds {
    private static final int MAX_ID = 998;

    private MessageIds() {}

    /**
     * All identifiers of an unfolded value in order, at most {@link Limits#MESSAGE_IDS}; phrases
     * and comments between them (RFC 5322 section 4.5.4) are skipped. A value without brackets is
     * one identifier when it has no white space: some senders forget them.
     */
    public static List<String> parse(String value) {
        List<String> ids = new ArrayList<>();
        int open = value.indexOf('<');
        while (open >= 0 && ids.size() < Limits.MESSAGE_IDS) {
            int close = value.indexOf('>', open);
            if (close < 0) {
                break;
            }
            int start = value.lastIndexOf('<', close) + 1;
            add(value.substring(start, close), ids);
            open = value.indexOf('<', close);
        }
        if (ids.isEmpty() && value.indexOf('<') < 0) {
            String bare = value.strip();
            if (bare.chars().noneMatch(c -> c <= ' ')) {
                add(bare, ids);
            }
        }
        return ids;
    }

    /** The first identifier. */
    public static Optional<String> first(String value) {
        return parse(value).stream().findFirst();
    }

    /**
     * The thread that a message claims to follow, oldest first (RFC 5256 section 3): References, or
     * the first of In-Reply-To when there are none.
     */
    public static List<String> references(Header header) {
        List<String> references =
                header.value("References").map(MessageIds::parse).orElse(List.of());
        return references.isEmpty()
                ? header.value("In-Reply-To").flatMap(MessageIds::first).stream().toList()
                : references;
    }

    private static void add(String id, List<String> ids) {
        String clean = withoutSpace(id);
        if (!clean.isEmpty() && clean.length() <= MAX_ID) {
            ids.add(clean);
        }
    }

    private static String withoutSpace(String id) {
        StringBuilder out = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) > ' ') {
                out.append(id.charAt(i));
            }
        }
        return out.toString();
    }
}
