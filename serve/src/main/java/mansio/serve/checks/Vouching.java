package mansio.serve.checks;

import mansio.codec.text.Domain;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimState;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Result;
import mansio.trust.spf.SpfResult;

import java.util.List;
import java.util.Optional;

/**
 * Who answers for a domain when no record of DMARC says how that is to be found out: its own
 * organization, by the list of public suffixes.
 */
record Vouching(PublicSuffixes suffixes, SpfResult mailFrom, List<DkimResult> dkim) {
    Findings.Known known(Client client, DmarcResult dmarc) {
        boolean author =
                switch (dmarc.result()) {
                    case PASS -> true;
                    case FAIL, TEMPERROR, PERMERROR -> false;
                    case NONE ->
                            dmarc.author().filter(it -> isSent(it) || isSigned(it)).isPresent();
                };
        boolean path =
                client.reversePath()
                        .flatMap(it -> it.domain())
                        .filter(it -> isSent(it) || isSigned(it))
                        .isPresent();
        boolean open =
                !(author && path)
                        && (dmarc.result() == DmarcResult.Result.TEMPERROR || cannotTell());
        return new Findings.Known(author, open, path);
    }

    private boolean cannotTell() {
        return mailFrom.result() == Result.TEMPERROR
                || dkim.stream().anyMatch(it -> it.state() == DkimState.TEMPERROR);
    }

    private boolean isSent(Domain domain) {
        return mailFrom.result() == Result.PASS
                && mailFrom.domain().filter(it -> isSame(it, domain)).isPresent();
    }

    private boolean isSigned(Domain domain) {
        return dkim.stream()
                .filter(DkimResult::passes)
                .filter(it -> !it.testing())
                .flatMap(it -> it.signature().stream())
                .anyMatch(it -> isSame(it.claim().domain(), domain));
    }

    private boolean isSame(Domain a, Domain b) {
        Optional<Domain> organization = suffixes.organizational(a);
        return a.equals(b)
                || (organization.isPresent() && organization.equals(suffixes.organizational(b)));
    }
}
