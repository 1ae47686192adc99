package mansio.serve.inbound;

import mansio.codec.text.Domain;
import mansio.serve.checks.Findings;
import mansio.state.config.Network;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * What becomes of mail from other servers that fails a check.
 *
 * @param dmarc the most that a failed DMARC does
 * @param spfFail of a reverse-path whose domain says that the host may not send for it, when
 *     nothing else speaks for the message
 * @param reverseName of a host whose address has no name that leads back to it
 * @param unclearFrom of a From field that is missing or can be read in two ways
 * @param temporary {@link Measure#DEFER} or {@link Measure#NOTE}: when the DNS cannot tell now
 * @param lists what listings come to
 * @param trust whom we believe more than our own checks
 */
public record InboundPolicy(
        Measure dmarc,
        Measure spfFail,
        Measure reverseName,
        Measure unclearFrom,
        Measure temporary,
        Weights lists,
        Trust trust) {
    /** What a setting of the same name stands for; nothing is listed, nobody trusted. */
    public static final InboundPolicy USUAL =
            new InboundPolicy(
                    Measure.REFUSE,
                    Measure.JUNK,
                    Measure.NOTE,
                    Measure.REFUSE,
                    Measure.DEFER,
                    new Weights(5, 10),
                    new Trust(Set.of(), List.of()));

    /** The same, but for what is done when the DNS cannot tell. */
    public InboundPolicy waiting(Measure other) {
        return new InboundPolicy(dmarc, spfFail, reverseName, unclearFrom, other, lists, trust);
    }

    /** The most that is done where DMARC fails: nothing where we believe somebody more. */
    Measure dmarcOf(Findings findings) {
        boolean believed =
                trust.isExempt(findings.client().address())
                        || findings.trustedSealer(trust.sealers()).isPresent();
        return believed ? Measure.NOTE : dmarc;
    }

    /** What is done; the later, the more. */
    public enum Measure {
        /** It is written down. */
        NOTE,
        /** It goes to Junk. */
        JUNK,
        /** 4xx: it may come again. */
        DEFER,
        /** 5xx. */
        REFUSE
    }

    /** Listings are added up: from these sums on a message is Junk, or refused. */
    public record Weights(int junk, int refuse) {}

    /**
     * Whom we believe.
     *
     * @param sealers whose ARC seal overrules a failed DMARC
     * @param exempt hosts whose mail is only noted about
     */
    public record Trust(Set<Domain> sealers, List<Network> exempt) {
        public Trust {
            sealers = Set.copyOf(sealers);
            exempt = List.copyOf(exempt);
        }

        boolean isExempt(InetAddress client) {
            return exempt.stream().anyMatch(network -> network.contains(client));
        }
    }
}
