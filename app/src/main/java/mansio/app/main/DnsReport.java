package mansio.app.main;

import mansio.serve.admin.Answer;
import mansio.serve.dnscheck.DnsCheck;
import mansio.serve.dnscheck.Item;
import mansio.serve.dnscheck.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code dns check} found.
 *
 * @param verdict the worst of all
 * @param notes what could not be found out here
 */
record DnsReport(Verdict verdict, List<Item> items, List<String> notes) implements Answer {
    private static final int SHORT = 60;

    DnsReport {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    static DnsReport of(List<Item> items, List<String> notes) {
        return new DnsReport(DnsCheck.verdict(items), items, notes);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Item item : items) {
            lines.add("%-9s %s  %s".formatted(word(item.verdict()), item.name(), item.type()));
            item.findings().forEach(it -> lines.add("          " + it.text()));
            if (item.paste().isEmpty()) continue;
            if (item.verdict() != Verdict.OPTIONAL) {
                item.there().forEach(it -> lines.add("          there: " + shortened(it)));
            }
            item.paste().forEach(it -> lines.add("          paste: " + it));
        }
        notes.forEach(it -> lines.add("Note: " + it));
        lines.add(sum());
        return lines;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    /** A key is recognised by its beginning; whole it is with --json. */
    private static String shortened(String value) {
        return value.length() <= 2 * SHORT
                ? value
                : value.substring(0, SHORT)
                        + "..."
                        + value.substring(value.length() - SHORT / 2)
                        + " (%d characters)".formatted(value.length());
    }

    private String sum() {
        return switch (verdict) {
            case GOOD, OPTIONAL -> "All is good.";
            case WAIT -> "All is good, but not everywhere yet; look again later.";
            case UNKNOWN -> "Not everything could be asked; try again later.";
            case MISSING, WRONG -> {
                long count =
                        items.stream()
                                .filter(it -> it.verdict().compareTo(Verdict.MISSING) >= 0)
                                .count();
                yield "To be mended: " + count + ".";
            }
        };
    }

    /** 75 says: ask again later. */
    int exitCode() {
        return switch (verdict) {
            case GOOD, OPTIONAL -> Main.EXIT_OK;
            case WAIT, UNKNOWN -> Main.EXIT_LATER;
            case MISSING, WRONG -> Main.EXIT_NO;
        };
    }
}
