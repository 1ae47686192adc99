package mansio.serve.checks;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.serve.checks.Findings.Line;
import mansio.trust.arc.ArcResult;
import mansio.trust.arc.ArcState;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dnsbl.ListEvidence;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Findings in words. */
final class FindingLines {
    private FindingLines() {}

    static List<Line> of(Findings findings) {
        List<Line> lines = new ArrayList<>();
        lines.add(line("iprev", findings.iprev().result().text(), findings.iprev().reason()));
        lines.add(
                line("spf", findings.mailFrom().result().keyword(), findings.mailFrom().reason()));
        findings.dkim().forEach(it -> lines.add(dkim(it)));
        if (findings.dkim().isEmpty()) lines.add(line("dkim", "none", "no signature"));
        if (findings.arc().state() != ArcState.NONE) lines.add(arc(findings.arc()));
        lines.add(line("dmarc", findings.dmarc().result().text(), findings.dmarc().reason()));
        for (ListEvidence.Listing listing : findings.lists().listings()) {
            lines.add(
                    line(
                            "list",
                            listing.list().name(),
                            listing.subject() + ": " + listing.answer() + " " + listing.reason()));
        }
        findings.lists().notes().forEach(it -> lines.add(line("list", it.list(), it.text())));
        return lines;
    }

    private static Line arc(ArcResult found) {
        String sealers =
                found.sealers().stream()
                        .map(Domain::text)
                        .collect(Collectors.joining(", ", "sealed by ", ""));
        return line(
                "arc",
                found.state().text(),
                found.state() == ArcState.PASS ? sealers : found.reason());
    }

    private static Line dkim(DkimResult found) {
        String who =
                found.signature()
                        .map(it -> it.claim().domain() + " with selector " + it.claim().selector())
                        .orElse("a signature that cannot be read");
        String why = found.reason().isEmpty() ? "" : ": " + found.reason();
        return line("dkim", Ascii.lower(found.state().name()), who + why);
    }

    private static Line line(String method, String result, String text) {
        return new Line(method + " " + result, text);
    }
}
