package mansio.serve.dnscheck;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param name whose record it is, or the address, or the host
 * @param type of the record; {@code EHLO}, {@code LISTS} or {@code PORT 25} for what is no record;
 *     {@code NS} for the name servers of a zone beside each other
 * @param there what is there, from outside; of TXT the joined text
 * @param should what should be there, of TXT without quotes
 * @param paste lines of a zone file, or words for whoever mends it; empty when all is well
 */
public record Item(
        String name,
        String type,
        Verdict verdict,
        List<String> there,
        String should,
        List<Finding> findings,
        List<String> paste) {
    /**
     * Something to mend or to know.
     *
     * @param text one sentence, perhaps with words from outside
     */
    public record Finding(Mistake mistake, String text) {}

    public Item {
        there = List.copyOf(there);
        findings = List.copyOf(findings);
        paste = List.copyOf(paste);
    }

    /** Whether a mistake was found. */
    public boolean has(Mistake mistake) {
        return findings.stream().anyMatch(it -> it.mistake() == mistake);
    }

    Item with(Verdict other, Finding more) {
        List<Finding> all = new ArrayList<>(findings);
        all.add(more);
        return new Item(name, type, other, there, should, all, paste);
    }
}
