package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.store.Finding;
import mansio.state.store.Finding.Severity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** {@code verify}: reads everything that is stored and tells what is wrong. */
public record Verify() implements Operation<Verify.Report> {
    /** Findings that are told; more are counted only. */
    static final int MAX_FINDINGS = 1_000;

    private static final int MAX_TEXT = 1_000;

    /**
     * What was found.
     *
     * @param damages how many things are missing or cannot be read
     * @param wastes how many things take space for nothing
     * @param findings the first of both, in words
     */
    public record Report(long damages, long wastes, List<Finding> findings) implements Answer {
        public Report {
            findings = List.copyOf(findings);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (Finding finding : findings) {
                lines.add(
                        switch (finding.severity()) {
                                    case DAMAGE -> "damage: ";
                                    case WASTE -> "waste: ";
                                }
                                + finding.text());
            }
            long untold = damages + wastes - findings.size();
            if (untold > 0) lines.add("and " + untold + " more");
            lines.add(
                    satisfied() && wastes == 0
                            ? "Everything that is stored is whole."
                            : damages + " damaged, " + wastes + " wasted.");
            return lines;
        }

        /** Waste is no harm. */
        @Override
        public boolean satisfied() {
            return damages == 0;
        }
    }

    @Override
    public Outcome<Report> run(Rooms rooms) throws IOException {
        List<Finding> told = new ArrayList<>();
        AtomicLong damages = new AtomicLong();
        AtomicLong wastes = new AtomicLong();
        rooms.mail()
                .store()
                .verify(
                        rooms.mail().verifiers(),
                        finding -> {
                            (finding.severity() == Severity.DAMAGE ? damages : wastes)
                                    .incrementAndGet();
                            if (told.size() < MAX_FINDINGS) told.add(shortened(finding));
                        });
        return Outcome.done(new Report(damages.get(), wastes.get(), told));
    }

    private static Finding shortened(Finding finding) {
        String text = finding.text();
        return text.length() <= MAX_TEXT
                ? finding
                : new Finding(finding.severity(), text.substring(0, MAX_TEXT) + "…");
    }
}
