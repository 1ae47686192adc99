package mansio.state.dkimkey;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;

import java.util.Optional;

/**
 * Senders that a key is for: an address in which {@code *} stands for any number of characters,
 * also none. Case is ignored.
 *
 * @param text such as {@code news-*@example.org} or {@code *@lists.example.org}
 */
public record SenderPattern(String text) {
    /** In characters. */
    public static final int MAX_LENGTH = 320;

    /**
     * Reads one; {@code @example.org} is short for {@code *@example.org}. Empty when there is no
     * {@code @}, or it is too long, or what stands behind the {@code @} is no domain.
     */
    public static Optional<SenderPattern> parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0 || text.length() >= MAX_LENGTH) return Optional.empty();
        String name = at == 0 ? "*" : Ascii.lower(text.substring(0, at));
        String host = text.substring(at + 1);
        boolean free = name.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '@');
        if (!free) return Optional.empty();
        if (host.equals("*")) return Optional.of(new SenderPattern(name + "@*"));
        boolean below = host.startsWith("*.");
        return Domain.tryParse(below ? host.substring(2) : host)
                .map(it -> new SenderPattern(name + "@" + (below ? "*." : "") + it.text()));
    }

    /** True when every sender that fits is of this domain, or of one below it. */
    boolean isWithin(Domain domain) {
        String host = text.substring(text.lastIndexOf('@') + 1);
        String named = host.startsWith("*.") ? host.substring(2) : host;
        return Domain.tryParse(named).filter(it -> it.isWithin(domain)).isPresent();
    }

    /** True for a sender that it names. */
    public boolean fits(Address sender) {
        return matches(Ascii.lower(sender.localPart().text() + "@" + sender.host().text()));
    }

    /** The usual walk: behind a star, what follows is tried further and further on. */
    private boolean matches(String subject) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < subject.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < text.length() && text.charAt(at) == subject.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') at++;
        return at == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
