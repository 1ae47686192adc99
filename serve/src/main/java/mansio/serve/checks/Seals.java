package mansio.serve.checks;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.trust.arc.ArcResult;
import mansio.trust.arc.ArcResult.Hop;
import mansio.trust.arc.ArcState;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.authres.MethodResult;

import java.util.Optional;
import java.util.Set;

/**
 * Whether a forwarder that we trust says that a message was authentic when it came there (RFC 8617
 * section 7.2). A chain alone says nothing: everybody can seal.
 */
final class Seals {
    private Seals() {}

    /**
     * The trusted sealer that saw DMARC pass for the author; empty when there is none. One behind
     * whom strangers may have changed the message does not count.
     */
    static Optional<Domain> voucher(ArcResult arc, Domain author, Set<Domain> trusted) {
        if (arc.state() != ArcState.PASS) return Optional.empty();
        for (Hop hop : arc.hops()) {
            // What is found about a message that may have got another author is about nobody.
            if (!hop.signsFrom()) return Optional.empty();
            boolean believed = trusted.contains(hop.domain());
            if (believed && sawDmarcPass(hop, author)) return Optional.of(hop.domain());
            if (!believed && mayHaveChanged(hop, arc)) return Optional.empty();
        }
        return Optional.empty();
    }

    /** A sealer's own signature holds for what it made; the one before tells what it got. */
    private static boolean mayHaveChanged(Hop hop, ArcResult arc) {
        return hop.instance() <= arc.oldestPass();
    }

    private static boolean sawDmarcPass(Hop hop, Domain author) {
        return AuthenticationResults.tryParse(hop.results()).stream()
                .flatMap(it -> it.of("dmarc").stream())
                .filter(it -> Ascii.equalsIgnoreCase(it.result(), "pass"))
                .anyMatch(it -> isAbout(it, author));
    }

    private static boolean isAbout(MethodResult result, Domain author) {
        return result.property("header", "from")
                .flatMap(Domain::tryParse)
                .filter(author::equals)
                .isPresent();
    }
}
