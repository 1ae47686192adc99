package mansio.serve.dnscheck;

import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.AdvisedRecord.Weight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An {@link Item} being filled in. Used by one thread. */
final class Sheet {
    private static final int MAX_THERE = 20;
    private static final int MAX_TEXT = 2_000;

    private final String name;
    private final String type;
    private final Optional<AdvisedRecord> wanted;
    private final List<Item.Finding> findings = new ArrayList<>();
    private final List<String> there = new ArrayList<>();
    private final List<String> more = new ArrayList<>();
    private String should;
    private Verdict verdict = Verdict.GOOD;

    /** For a record. */
    Sheet(AdvisedRecord wanted) {
        this.name = wanted.name();
        this.type = wanted.type();
        this.wanted = Optional.of(wanted);
        should = wanted.value();
    }

    /** For what is no record. */
    Sheet(String name, String type, String should) {
        this.name = name;
        this.type = type;
        this.wanted = Optional.empty();
        this.should = should;
    }

    void there(List<String> values) {
        for (String value : values.stream().limit(MAX_THERE).toList()) {
            there.add(value.length() > MAX_TEXT ? value.substring(0, MAX_TEXT) : value);
        }
    }

    /** What should be there is not what was advised, because of what is there. */
    void should(String value) {
        should = value;
    }

    /** To be told, and no reason to mend anything. */
    void note(Mistake mistake, String text) {
        findings.add(new Item.Finding(mistake, text));
    }

    void wrong(Mistake mistake, String text) {
        note(mistake, text);
        verdict = verdict.and(Verdict.WRONG);
    }

    void missing(Mistake mistake, String text) {
        note(mistake, text);
        boolean needed =
                wanted.map(AdvisedRecord::weight)
                        .filter(it -> it == Weight.USEFUL || it == Weight.LATER)
                        .isEmpty();
        verdict = verdict.and(needed ? Verdict.MISSING : Verdict.OPTIONAL);
    }

    void unknown(String text) {
        unknown(Mistake.CANNOT_BE_ASKED, text);
    }

    void unknown(Mistake mistake, String text) {
        note(mistake, text);
        verdict = verdict.and(Verdict.UNKNOWN);
    }

    /** What was not done, and mail does without. */
    void optional(Mistake mistake, String text) {
        note(mistake, text);
        verdict = verdict.and(Verdict.OPTIONAL);
    }

    /** Mended in one place, and not yet in another. */
    void wait(Mistake mistake, String text) {
        note(mistake, text);
        verdict = verdict.and(Verdict.WAIT);
    }

    /** Something else to publish or to ask for. */
    void paste(String line) {
        more.add(line);
    }

    boolean isGood() {
        return verdict == Verdict.GOOD;
    }

    Item item() {
        List<String> paste = new ArrayList<>();
        if (verdict != Verdict.GOOD && verdict != Verdict.UNKNOWN) {
            // Only its owner knows the authority of CAA. What is there already cures nothing.
            wanted.filter(it -> !it.type().equals("CAA"))
                    .filter(it -> !it.type().equals("PTR"))
                    .filter(_ -> !there.equals(List.of(should)))
                    .map(it -> it.with(should).zoneLine())
                    .ifPresent(paste::add);
            paste.addAll(more);
        }
        return new Item(name, type, verdict, there, should, findings, paste);
    }
}
