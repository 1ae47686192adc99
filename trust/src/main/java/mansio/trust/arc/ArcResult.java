package mansio.trust.arc;

import mansio.codec.text.Domain;

import java.util.List;

/**
 * What became of the chain on a message.
 *
 * @param reason in words; empty unless the chain failed
 * @param temporary the chain failed because a key could not be had now (RFC 8617 section 5.2.1
 *     counts that as failed)
 * @param hops the sealers, the newest first; empty unless the chain passes
 * @param oldestPass the lowest instance from which on every message signature holds: whoever came
 *     behind it did not change what is signed; it may have itself. 0 when all hold, as the RFC
 *     says; else 2 to 50
 */
public record ArcResult(
        ArcState state, String reason, boolean temporary, List<Hop> hops, int oldestPass) {
    /**
     * A sealer of a chain that passes. That a chain passes says only that these domains made it:
     * whom to believe is for the reader to say.
     *
     * @param domain of the seal
     * @param results what the sealer saw: the authentication results behind {@code i=N;}, folded
     *     text of the sealer
     * @param signsFrom the sealer's message signature covers From
     */
    public record Hop(int instance, Domain domain, String results, boolean signsFrom) {}

    /** The domains of the seals, the newest first. */
    public List<Domain> sealers() {
        return hops.stream().map(Hop::domain).toList();
    }
}
