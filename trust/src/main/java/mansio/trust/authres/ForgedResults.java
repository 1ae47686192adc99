package mansio.trust.authres;

import com.ibm.icu.text.Normalizer2;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the Authentication-Results fields that must not be believed to be ours: those of a message
 * from outside that bear our authserv-id, or that a careless reader could take so (RFC 8601 section
 * 5). Those of others are left alone. Immutable; safe for use by any thread.
 */
public final class ForgedResults {
    private final Set<String> ours = new LinkedHashSet<>();

    /**
     * @param authservIds those that our servers use and have used, in any case and script
     */
    public ForgedResults(Collection<String> authservIds) {
        for (String id : authservIds) {
            String canonical = canonical(id);
            if (canonical.isEmpty()) {
                throw new IllegalArgumentException("empty authserv-id");
            }
            ours.add(canonical);
        }
    }

    /**
     * The fields to be cut from what came, from top to bottom:
     *
     * <ul>
     *   <li>with one of our identifiers, in any case, quoted, with comments, as A-labels or
     *       U-labels; or one below it ({@code mx.example.org} when ours is {@code example.org}), or
     *       with something behind a slash;
     *   <li>of a version that is not known (RFC 8601 section 5), whoever says so;
     *   <li>that cannot be read and hold one of our identifiers anywhere;
     *   <li>lines that are no fields but look like one of these.
     * </ul>
     */
    public List<HeaderField> find(Header header) {
        List<HeaderField> found = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            HeaderField field = header.field(i);
            boolean forged =
                    field.is(AuthenticationResults.FIELD)
                            ? isForged(field.unfolded())
                            : !field.isField() && isBrokenForgery(field);
            if (forged) {
                found.add(field);
            }
        }
        return found;
    }

    /** Whether a field with this value must go. */
    public boolean isForged(String value) {
        try {
            ResultsParser parser = new ResultsParser(value);
            return isOurs(parser.authservId()) || !isKnown(parser);
        } catch (SyntaxException e) {
            return mentionsUs(value);
        }
    }

    private static boolean isKnown(ResultsParser parser) {
        try {
            return parser.version() == AuthenticationResults.VERSION;
        } catch (SyntaxException e) {
            return false;
        }
    }

    private boolean isBrokenForgery(HeaderField line) {
        String text = squeezed(line.unfolded());
        return text.startsWith("authentication-results:") && mentionsUs(text);
    }

    private boolean isOurs(String id) {
        int slash = id.indexOf('/');
        String name = canonical(slash < 0 ? id : id.substring(0, slash));
        return ours.stream().anyMatch(our -> name.equals(our) || name.endsWith("." + our));
    }

    /** A-labels; what is no domain as it is compared anyway. */
    private static String canonical(String id) {
        String clean = squeezed(id);
        return Domain.tryParseDns(clean).map(Domain::text).orElse(clean);
    }

    private boolean mentionsUs(String text) {
        String clean = squeezed(withoutComments(text));
        return ours.stream().anyMatch(our -> clean.contains(our) || clean.contains(unicode(our)));
    }

    private static String unicode(String our) {
        return Domain.tryParse(our).map(Domain::toUnicode).orElse(our);
    }

    /**
     * Compatibility forms and case folded, chars that nobody sees left out (NFKC_Casefold), and
     * with them what could stand between letters: white space, control characters, quotes.
     */
    private static String squeezed(String text) {
        String folded =
                Ascii.isAscii(text)
                        ? Ascii.lower(text)
                        : Normalizer2.getNFKCCasefoldInstance().normalize(text);
        StringBuilder out = new StringBuilder(folded.length());
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c > ' ' && c != 0x7f && c != '"' && c != '\\') {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Unlike a comment that ends, one that does not is kept: a reader may not see it as one. */
    private static String withoutComments(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int depth = 0;
        int opened = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                opened = depth++ == 0 ? i : opened;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                out.append(c);
            }
        }
        return depth == 0 ? out.toString() : out.append(text, opened, text.length()).toString();
    }
}
