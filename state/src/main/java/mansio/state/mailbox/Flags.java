package mansio.state.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * The flags of one placement: system flags and keywords. Keywords are compared without regard to
 * ASCII case (RFC 9051 section 2.3.2); an account keeps the spelling it saw first. Immutable;
 * placements with the same flags share one object.
 */
public final class Flags {
    /** Bytes of a keyword. */
    public static final int MAX_KEYWORD_BYTES = 100;

    /** Keywords of one placement. */
    public static final int MAX_KEYWORDS = 100;

    public static final Flags NONE = new Flags(0, List.of());

    private final int system;
    private final List<String> keywords;
    private final int hash;

    /** Keywords must come sorted by their folded form, each once. */
    private Flags(int system, List<String> keywords) {
        this.system = system;
        this.keywords = keywords;
        int sum = system;
        for (String keyword : keywords) sum = 31 * sum + fold(keyword).hashCode();
        this.hash = sum;
    }

    /** System flags without keywords. */
    public static Flags of(SystemFlag... flags) {
        int bits = 0;
        for (SystemFlag flag : flags) bits |= flag.bit();
        return ofBits(bits, List.of());
    }

    /**
     * @throws IllegalArgumentException for a keyword that {@link #isKeyword} refuses, or more than
     *     {@link #MAX_KEYWORDS}
     */
    public static Flags of(Collection<SystemFlag> flags, Collection<String> keywords) {
        int bits = 0;
        for (SystemFlag flag : flags) bits |= flag.bit();
        return ofBits(bits, keywords);
    }

    static Flags ofBits(int system, Collection<String> keywords) {
        if (system == 0 && keywords.isEmpty()) return NONE;
        if (keywords.isEmpty()) return new Flags(system, List.of());
        List<String> sorted = sorted(keywords);
        if (sorted.size() > MAX_KEYWORDS)
            throw new IllegalArgumentException(sorted.size() + " keywords");
        return new Flags(system, sorted);
    }

    /** Flags of a whole mailbox, which may be more than those of one placement. */
    static Flags union(Collection<SystemFlag> flags, Collection<String> keywords) {
        int bits = 0;
        for (SystemFlag flag : flags) bits |= flag.bit();
        return new Flags(bits, sorted(keywords));
    }

    private static List<String> sorted(Collection<String> keywords) {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (String keyword : keywords) {
            if (!isKeyword(keyword)) throw new IllegalArgumentException("keyword " + keyword);
            sorted.putIfAbsent(fold(keyword), keyword);
        }
        return List.copyOf(sorted.values());
    }

    /** RFC 9051 section 9: {@code flag-keyword = ... / atom}, here with a bound on its length. */
    public static boolean isKeyword(String name) {
        if (name.isEmpty() || name.length() > MAX_KEYWORD_BYTES) return false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7F || "(){%*\"\\]".indexOf(c) >= 0) return false;
        }
        return true;
    }

    public boolean has(SystemFlag flag) {
        return (system & flag.bit()) != 0;
    }

    public boolean hasKeyword(String keyword) {
        String folded = fold(keyword);
        for (String mine : keywords) if (fold(mine).equals(folded)) return true;
        return false;
    }

    public Set<SystemFlag> system() {
        Set<SystemFlag> set = EnumSet.noneOf(SystemFlag.class);
        for (SystemFlag flag : SystemFlag.values()) if (has(flag)) set.add(flag);
        return set;
    }

    /** In a stable order. */
    public List<String> keywords() {
        return keywords;
    }

    /** All names as IMAP prints them: system flags first. */
    public List<String> imapNames() {
        List<String> names = new ArrayList<>();
        for (SystemFlag flag : SystemFlag.values()) if (has(flag)) names.add(flag.imapName());
        names.addAll(keywords);
        return names;
    }

    public boolean isEmpty() {
        return system == 0 && keywords.isEmpty();
    }

    /** These and those. Where spellings differ, this one's stays. */
    public Flags plus(Flags other) {
        if (other.isEmpty() || other.equals(this)) return this;
        if (other.keywords.isEmpty()) return withSystem(system | other.system);
        List<String> all = new ArrayList<>(keywords);
        all.addAll(other.keywords);
        return ofBits(system | other.system, all);
    }

    /** These without those. */
    public Flags minus(Flags other) {
        int bits = system & ~other.system;
        if (keywords.isEmpty() || other.keywords.isEmpty()) return withSystem(bits);
        List<String> left = new ArrayList<>(keywords);
        left.removeIf(other::hasKeyword);
        return ofBits(bits, left);
    }

    private Flags withSystem(int bits) {
        if (bits == system) return this;
        return bits == 0 && keywords.isEmpty() ? NONE : new Flags(bits, keywords);
    }

    int systemBits() {
        return system;
    }

    static String fold(String keyword) {
        return keyword.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) return true;
        if (!(other instanceof Flags that)
                || that.system != system
                || that.keywords.size() != keywords.size()) return false;
        for (int i = 0; i < keywords.size(); i++) {
            if (!keywords.get(i).equalsIgnoreCase(that.keywords.get(i))) return false;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "(" + String.join(" ", imapNames()) + ")";
    }
}
