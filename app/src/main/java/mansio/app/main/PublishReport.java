package mansio.app.main;

import mansio.net.dns.DnsRecord;
import mansio.serve.admin.Answer;
import mansio.serve.dnscheck.Item;
import mansio.serve.dnscheck.Verdict;
import mansio.serve.dnspublish.Change;
import mansio.serve.dnspublish.Left;
import mansio.serve.dnspublish.Published;
import mansio.serve.dnspublish.ZoneText;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code dns publish} did.
 *
 * @param server that was asked
 * @param zones in which something was to be changed
 * @param left what is not right and was left alone
 * @param items what the server has now of the records that are in its zones
 * @param notes what could not be found out here
 */
record PublishReport(
        String server, List<Zone> zones, List<Left> left, List<Stands> items, List<String> notes)
        implements Answer {
    private static final int SHORT = 100;

    PublishReport {
        zones = List.copyOf(zones);
        left = List.copyOf(left);
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }

    /**
     * A zone, with lines of a zone file.
     *
     * @param reason empty unless the server did not do it
     */
    record Zone(
            String zone,
            Published.State state,
            String reason,
            List<String> removed,
            List<String> added) {}

    /** What the server has of a record. */
    record Stands(String name, String type, Verdict verdict, List<String> there) {}

    static PublishReport of(String server, Published published, List<String> notes) {
        return new PublishReport(
                server,
                published.zones().stream().map(PublishReport::zone).toList(),
                published.left(),
                published.items().stream().map(PublishReport::stands).toList(),
                notes);
    }

    private static Zone zone(Published.Zone zone) {
        List<DnsRecord> removed = new ArrayList<>();
        List<DnsRecord> added = new ArrayList<>();
        for (Change change : zone.changes()) {
            removed.addAll(change.removed());
            added.addAll(change.added());
        }
        return new Zone(
                zone.zone().text(),
                zone.state(),
                zone.reason(),
                removed.stream().map(ZoneText::line).toList(),
                added.stream().map(ZoneText::line).toList());
    }

    private static Stands stands(Item item) {
        return new Stands(item.name(), item.type(), item.verdict(), item.there());
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Zone zone : zones) {
            lines.add("%s: %s".formatted(zone.zone(), state(zone)));
            zone.removed().forEach(it -> lines.add("  - " + shortened(it)));
            zone.added().forEach(it -> lines.add("  + " + shortened(it)));
        }
        for (Left it : left) {
            lines.add("left      %s  %s".formatted(it.name(), it.type()));
            lines.add("          " + it.reason());
            it.there().forEach(value -> lines.add("          there: " + shortened(value)));
            if (it.why() == Left.Why.NEEDS_REPLACE) {
                lines.add("          --replace puts ours in its place");
            }
        }
        if (!isPlan()) {
            lines.add("What " + server + " has now:");
            for (Stands it : items) {
                String word = it.verdict().name().toLowerCase(Locale.ROOT);
                lines.add("%-9s %s  %s".formatted(word, it.name(), it.type()));
            }
        }
        notes.forEach(it -> lines.add("Note: " + it));
        lines.add(sum());
        return lines;
    }

    private static String state(Zone zone) {
        return switch (zone.state()) {
            case PLANNED -> "would be changed";
            case PUBLISHED -> "changed";
            case REFUSED -> "not changed. " + zone.reason();
            case OUTDATED -> "not changed, as it is not what was read. " + zone.reason();
            case UNKNOWN -> "perhaps not changed: " + zone.reason();
        };
    }

    private static String shortened(String line) {
        return line.length() <= 2 * SHORT
                ? line
                : line.substring(0, SHORT) + "..." + line.substring(line.length() - SHORT / 2);
    }

    private boolean isPlan() {
        return zones.stream().anyMatch(it -> it.state() == Published.State.PLANNED);
    }

    private String sum() {
        if (isPlan()) return "Nothing was changed; without --dry-run it is published.";
        if (items.isEmpty()) return server + " has no zone for any of the records.";
        return switch (verdict()) {
            case GOOD, OPTIONAL, WAIT ->
                    "All is good at "
                            + server
                            + (zones.isEmpty()
                                    ? "; nothing was to be changed."
                                    : "; resolvers have it when what they know is too old.");
            case UNKNOWN -> "Not everything could be asked; try again later.";
            case MISSING, WRONG -> "Not all is good yet; mansio dns check says more.";
        };
    }

    private Verdict verdict() {
        return items.stream()
                .map(Stands::verdict)
                .reduce(Verdict.GOOD, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private boolean has(Published.State state) {
        return zones.stream().anyMatch(it -> it.state() == state);
    }

    private boolean has(Left.Why why) {
        return left.stream().anyMatch(it -> it.why() == why);
    }

    /** What is in other zones is not this server's matter. 75 says: try again later. */
    int exitCode() {
        if (has(Published.State.REFUSED)
                || has(Left.Why.NEEDS_REPLACE)
                || has(Left.Why.ALIAS)
                || has(Left.Why.WILDCARD)) {
            return Main.EXIT_NO;
        }
        if (has(Published.State.UNKNOWN)
                || has(Published.State.OUTDATED)
                || has(Left.Why.UNKNOWN)) {
            return Main.EXIT_LATER;
        }
        if (items.isEmpty()) return Main.EXIT_NO;
        if (isPlan()) return Main.EXIT_OK;
        return switch (verdict()) {
            case GOOD, OPTIONAL, WAIT -> Main.EXIT_OK;
            case UNKNOWN -> Main.EXIT_LATER;
            case MISSING, WRONG -> Main.EXIT_NO;
        };
    }
}
