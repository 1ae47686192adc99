package mansio.trust.psl;

import mansio.codec.text.Domain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Public Suffix List: which domains are registries such as {@code co.uk}, and so which domain
 * somebody registered. For DMARC it is the way of RFC 7489 section 3.2 to find an organizational
 * domain. Made once; immutable; safe for use by any thread.
 */
public final class PublicSuffixes {
    /** Chars of a list; today's have a quarter of a million. */
    private static final int MAX_CHARS = 10_000_000;

    private static final int ALL = SuffixTable.RULE | SuffixTable.WILDCARD | SuffixTable.EXCEPTION;

    /** Which rules count. */
    public enum Sections {
        /** What registries of the DNS say. */
        ICANN,
        /** That and what private parties say of their own domains; usual for DMARC. */
        ICANN_AND_PRIVATE
    }

    private final SuffixTable table;
    private final int skipped;
    private final Sections sections;

    private PublicSuffixes(SuffixTable table, int skipped, Sections sections) {
        this.table = table;
        this.skipped = skipped;
        this.sections = sections;
    }

    /** The list that comes with this version. */
    public static PublicSuffixes bundled(Sections sections) {
        try (InputStream in = PublicSuffixes.class.getResourceAsStream("public_suffix_list.dat")) {
            if (in == null) {
                throw new IllegalStateException("public_suffix_list.dat is missing");
            }
            return read(in, sections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a list, such as one that is kept up to date outside.
     *
     * @param in UTF-8 text in the format of publicsuffix.org; it stays open. Rules that are no
     *     domains are passed over
     * @throws IOException when it cannot be read, or is far longer than lists are
     */
    public static PublicSuffixes read(InputStream in, Sections sections) throws IOException {
        BufferedReader lines =
                new BufferedReader(limited(new InputStreamReader(in, StandardCharsets.UTF_8)));
        Map<String, Integer> rules = new HashMap<>();
        int skipped = 0;
        int shift = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("===BEGIN PRIVATE DOMAINS===")) {
                shift = SuffixTable.PRIVATE_SHIFT;
            }
            // A rule ends at the first white space.
            String rule = line.split("\\s", 2)[0];
            if (!rule.isEmpty() && !rule.startsWith("//") && !add(rules, rule, shift)) {
                skipped++;
            }
        }
        return new PublicSuffixes(new SuffixTable(rules), skipped, sections);
    }

    private static boolean add(Map<String, Integer> rules, String rule, int shift) {
        int kind = SuffixTable.RULE;
        String name = rule;
        if (rule.startsWith("!")) {
            kind = SuffixTable.EXCEPTION;
            name = rule.substring(1);
        } else if (rule.startsWith("*.")) {
            kind = SuffixTable.WILDCARD;
            name = rule.substring(2);
        }
        int flag = kind << shift;
        // An exception of a whole top level would leave no suffix.
        boolean known = kind != SuffixTable.EXCEPTION || name.indexOf('.') > 0;
        Optional<Domain> domain = known ? Domain.tryParse(name) : Optional.empty();
        domain.ifPresent(it -> rules.merge(it.text(), flag, (a, b) -> a | b));
        return domain.isPresent();
    }

    private static Reader limited(Reader in) {
        return new Reader() {
            private int left = MAX_CHARS;

            @Override
            public int read(char[] chars, int offset, int length) throws IOException {
                int count = in.read(chars, offset, length);
                left -= Math.max(count, 0);
                if (left < 0) {
                    throw new IOException("list of public suffixes is too long");
                }
                return count;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    /**
     * The public suffix of a domain, the domain itself perhaps: by the longest rule that matches,
     * by an exception before all, and the last label when no rule does.
     */
    public Domain suffixOf(Domain domain) {
        String name = domain.text();
        int before = -1;
        // From the whole name on, so that the first rule that matches is the longest.
        for (int at = 0; at >= 0; at = next(name, at)) {
            int flags = flags(name, at);
            if ((flags & SuffixTable.EXCEPTION) != 0) {
                return suffix(name, next(name, at));
            }
            // A wildcard reaches one label further than its name; an exception stands there.
            if ((flags & SuffixTable.WILDCARD) != 0 && before >= 0) {
                return suffix(name, before);
            }
            if ((flags & SuffixTable.RULE) != 0) {
                return suffix(name, at);
            }
            before = at;
        }
        return suffix(name, Math.max(before, 0));
    }

    /** True when the domain is a public suffix, by a rule or as a single label. */
    public boolean isSuffix(Domain domain) {
        return suffixOf(domain).equals(domain);
    }

    /**
     * True when a registry of the DNS says so, whatever sections count here: below such a domain
     * live strangers.
     */
    public boolean isRegistry(Domain domain) {
        return new PublicSuffixes(table, skipped, Sections.ICANN).isSuffix(domain);
    }

    /**
     * The organizational domain: the public suffix and one label more. Empty for a domain that is a
     * public suffix itself.
     */
    public Optional<Domain> organizational(Domain domain) {
        String name = domain.text();
        int suffix = name.length() - suffixOf(domain).text().length();
        if (suffix == 0) {
            return Optional.empty();
        }
        return Optional.of(new Domain(name.substring(name.lastIndexOf('.', suffix - 2) + 1)));
    }

    /** How many names have rules. */
    public int size() {
        return table.size();
    }

    /** How many rules were passed over. */
    int skipped() {
        return skipped;
    }

    /** What the rules take in memory. */
    long bytes() {
        return table.bytes();
    }

    private int flags(String name, int at) {
        int all = table.flags(name, at);
        int icann = all & ALL;
        int registered = all >> SuffixTable.PRIVATE_SHIFT & ALL;
        return sections == Sections.ICANN ? icann : icann | registered;
    }

    /** Where the next label begins, or -1. */
    private static int next(String name, int at) {
        int dot = name.indexOf('.', at);
        return dot < 0 ? -1 : dot + 1;
    }

    private static Domain suffix(String name, int at) {
        return new Domain(name.substring(at));
    }
}
