package mansio.serve.dnscheck;

import mansio.serve.dnscheck.Item.Finding;

import java.util.ArrayList;
import java.util.List;

/** What resolvers say beside what the name servers say: values in, values out. */
final class Comparison {
    private Comparison() {}

    /** Of the same things, in the same order. */
    static List<Item> of(List<Item> resolved, List<Item> published) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < resolved.size(); i++) {
            items.add(of(resolved.get(i), published.get(i)));
        }
        return items;
    }

    static Item of(Item resolved, Item published) {
        if (published.verdict() == Verdict.UNKNOWN) {
            return resolved.verdict() == Verdict.UNKNOWN
                    ? resolved
                    : resolved.with(resolved.verdict(), unasked(published));
        }
        if (resolved.verdict() == Verdict.UNKNOWN) {
            return published.with(
                    published.verdict().and(Verdict.UNKNOWN),
                    new Finding(
                            Mistake.CANNOT_BE_ASKED,
                            "resolvers do not find it: " + reasons(resolved)));
        }
        boolean goodThere = isFine(published);
        if (goodThere && !isFine(resolved)) {
            return published.with(
                    Verdict.WAIT,
                    differs(
                            "the name servers have it right; resolvers still say "
                                    + told(resolved)
                                    + ", until its time to live has passed"));
        }
        if (!goodThere && isFine(resolved)) {
            return published.with(
                    published.verdict(),
                    differs(
                            "resolvers still say "
                                    + told(resolved)
                                    + "; the name servers have changed"));
        }
        if (!published.there().stream()
                .sorted()
                .toList()
                .equals(resolved.there().stream().sorted().toList())) {
            return published.with(
                    published.verdict(), differs("resolvers still say " + told(resolved)));
        }
        return published;
    }

    private static boolean isFine(Item item) {
        return item.verdict().compareTo(Verdict.OPTIONAL) <= 0;
    }

    private static Finding differs(String text) {
        return new Finding(Mistake.AUTHORITY_DIFFERS, text);
    }

    private static Finding unasked(Item published) {
        return new Finding(
                Mistake.CANNOT_BE_ASKED,
                "the name servers themselves cannot be asked: " + reasons(published));
    }

    private static String reasons(Item item) {
        List<String> texts =
                item.findings().stream()
                        .filter(it -> it.mistake() == Mistake.CANNOT_BE_ASKED)
                        .map(Finding::text)
                        .toList();
        return String.join("; ", texts);
    }

    private static String told(Item item) {
        return item.there().isEmpty() ? "nothing" : "'" + String.join("', '", item.there()) + "'";
    }
}
