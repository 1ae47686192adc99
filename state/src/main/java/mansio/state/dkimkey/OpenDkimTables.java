package mansio.state.dkimkey;

import mansio.codec.text.Domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of an OpenDKIM (opendkim.conf: KeyTable, SigningTable, ExternalIgnoreList or
 * InternalHosts) and what becomes of each of their lines. Reads no files; made for one import.
 */
public final class OpenDkimTables {
    /** Of all tables together. */
    public static final int MAX_LINES = 20_000;

    private static final int MAX_LENGTH = 2_000;
    private static final int SHOWN = 60;

    private final List<Result> results = new ArrayList<>();
    private final Map<String, Draft> keys = new LinkedHashMap<>();

    /** Which table. */
    public enum Table {
        KEYS("key table"),
        SIGNING("signing table"),
        HOSTS("trusted hosts");

        private final String text;

        Table(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /** What became of a line. */
    public enum Fate {
        KEPT,
        CHANGED,
        DROPPED
    }

    /**
     * What became of one line.
     *
     * @param line counted from 1
     * @param text its beginning
     * @param note what was changed, or why it was dropped; may be empty for what was kept
     */
    public record Result(Table table, int line, String text, Fate fate, String note) {}

    /**
     * A key to be taken over.
     *
     * @param line of the key table
     * @param file with the private key
     * @param senders patterns; none: everybody of the domain
     */
    public record Wanted(
            int line,
            String text,
            Domain domain,
            String selector,
            String file,
            List<String> senders) {
        public Wanted {
            senders = List.copyOf(senders);
        }

        /** What became of its line. */
        public Result result(Fate fate, String note) {
            return new Result(Table.KEYS, line, text, fate, note);
        }
    }

    /**
     * What is to be done.
     *
     * @param results of all lines but those of the wanted keys
     */
    public record Plan(List<Wanted> keys, List<Result> results) {
        public Plan {
            keys = List.copyOf(keys);
            results = List.copyOf(results);
        }
    }

    /** A key while the signing table is read. */
    private static final class Draft {
        private final Line line;
        private final Domain domain;
        private final String selector;
        private final String file;
        private final List<String> senders = new ArrayList<>();
        private boolean used;
        private boolean forAll;

        Draft(Line line, Domain domain, String selector, String file) {
            this.line = line;
            this.domain = domain;
            this.selector = selector;
            this.file = file;
        }
    }

    /** A line that says something. */
    private record Line(int number, String text, String[] words) {
        static List<Line> of(List<String> lines) {
            List<Line> found = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String text = lines.get(i).strip();
                if (text.isEmpty() || text.startsWith("#")) continue;
                String cut = text.substring(0, Math.min(text.length(), MAX_LENGTH));
                found.add(new Line(i + 1, cut, cut.split("\\s+")));
            }
            return found;
        }

        private String shown() {
            return text.substring(0, Math.min(text.length(), SHOWN));
        }

        Result result(Table table, Fate fate, String note) {
            return new Result(table, number, shown(), fate, note);
        }
    }

    private OpenDkimTables() {}

    /**
     * Reads the tables, which have at most {@value #MAX_LINES} lines together.
     *
     * @param signingTable empty: each key is for its domain
     * @param hosts may be empty
     */
    public static Plan plan(
            List<String> keyTable, Optional<List<String>> signingTable, List<String> hosts) {
        OpenDkimTables tables = new OpenDkimTables();
        Line.of(keyTable).forEach(tables::key);
        signingTable.ifPresent(lines -> Line.of(lines).forEach(tables::signing));
        Line.of(hosts).forEach(tables::host);
        List<Wanted> wanted = new ArrayList<>();
        for (Draft draft : tables.keys.values()) {
            if (signingTable.isPresent() && !draft.used) {
                tables.dropped(Table.KEYS, draft.line, "no line of the signing table uses it");
            } else {
                wanted.add(
                        new Wanted(
                                draft.line.number(),
                                draft.line.shown(),
                                draft.domain,
                                draft.selector,
                                draft.file,
                                draft.forAll ? List.of() : draft.senders));
            }
        }
        return new Plan(wanted, tables.results);
    }

    private void dropped(Table table, Line line, String why) {
        results.add(line.result(table, Fate.DROPPED, why));
    }

    // name domain:selector:file
    private void key(Line line) {
        String[] parts = line.words().length < 2 ? new String[0] : line.words()[1].split(":", 3);
        if (parts.length < 3 || parts[2].isEmpty()) {
            dropped(Table.KEYS, line, "it is not of the form name domain:selector:file");
            return;
        }
        if (parts[0].equals("%")) {
            dropped(
                    Table.KEYS,
                    line,
                    "a key for every domain is taken for one domain at a time:"
                            + " mansio dkim import --private");
            return;
        }
        Optional<Domain> domain = Domain.tryParse(parts[0]);
        if (domain.flatMap(it -> KeyName.of(it, parts[1])).isEmpty()) {
            dropped(Table.KEYS, line, "there is no domain, or no selector, in it");
        } else if (keys.containsKey(line.words()[0])) {
            dropped(Table.KEYS, line, "there is a key of that name before it");
        } else {
            keys.put(line.words()[0], new Draft(line, domain.orElseThrow(), parts[1], parts[2]));
        }
    }

    // pattern name [identity]
    private void signing(Line line) {
        Draft key = line.words().length < 2 ? null : keys.get(line.words()[1]);
        if (key == null) {
            dropped(Table.SIGNING, line, "it names no key of the key table that was taken");
            return;
        }
        String pattern = line.words()[0];
        String domain = key.domain.text();
        String note =
                line.words().length > 2 ? "signatures have no identity (i=) of their own" : "";
        if (pattern.equals("*") || pattern.equals("*@*")) {
            key.forAll = true;
            note =
                    "it signs for authors of "
                            + domain
                            + " and below, as others would not be aligned";
        } else if (pattern.equalsIgnoreCase(domain) || pattern.equalsIgnoreCase("*@" + domain)) {
            key.forAll = true;
        } else {
            Optional<SenderPattern> senders = senders(pattern);
            if (senders.isEmpty() || !senders.get().isWithin(key.domain)) {
                dropped(
                        Table.SIGNING,
                        line,
                        senders.isEmpty()
                                ? pattern + " is no pattern of senders"
                                : "the key is of " + domain + ", and " + pattern + " is not in it");
                return;
            }
            key.senders.add(senders.get().text());
        }
        key.used = true;
        results.add(line.result(Table.SIGNING, note.isEmpty() ? Fate.KEPT : Fate.CHANGED, note));
    }

    /** A domain alone is all of it; with a dot in front, what is below. */
    private static Optional<SenderPattern> senders(String pattern) {
        if (pattern.indexOf('@') >= 0) return SenderPattern.parse(pattern);
        return SenderPattern.parse((pattern.startsWith(".") ? "*@*" : "*@") + pattern);
    }

    private void host(Line line) {
        String host = line.words()[0];
        boolean own = host.equals("localhost") || host.startsWith("127.") || host.startsWith("::1");
        if (own) {
            results.add(
                    line.result(
                            Table.HOSTS,
                            Fate.CHANGED,
                            "mail of programs here is ours by sendmail; by SMTP when"
                                    + " networks.trusted of the configuration has "
                                    + host));
        } else {
            dropped(
                    Table.HOSTS,
                    line,
                    "whose mail is ours is said by networks.trusted of the configuration");
        }
    }
}
