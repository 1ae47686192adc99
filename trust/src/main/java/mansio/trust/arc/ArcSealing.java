package mansio.trust.arc;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.net.time.Time;
import mansio.trust.dkim.BodyHash;
import mansio.trust.dkim.BodyHashers;
import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.RawField;
import mansio.trust.dkim.RawHeader;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dkim.TagWriter;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Adds a set of ours to the chain of a message that goes on (RFC 8617 section 5.1): given to a
 * {@link ContentPass} as a reader, and asked for the fields when the pass has ended. Used by one
 * thread.
 */
public final class ArcSealing implements ContentPass.Reader {
    private static final String SIGNED_BESIDES = "dkim-signature";

    private final Crypto crypto;
    private final Time time;
    private final SigningOptions options;
    private final Seal seal;

    /** Of a line of a signature: where a message signature folds is sealed. */
    private int signatureColumns = 77;

    /** Null until the header has come, and for good when it is too large. */
    private @Nullable RawHeader header;

    /** Null as long as the header. */
    private @Nullable BodyHash hash;

    /**
     * What is to be sealed.
     *
     * @param key of the domain that passes the message on
     * @param results what we saw when it came: an authserv-id and results as in
     *     Authentication-Results, perhaps folded
     * @param chain what we found of the chain when it came; the sets that are on the message now
     *     say whether there is one
     */
    public record Seal(SigningKey key, String results, ArcState chain) {
        /**
         * @throws IllegalArgumentException when the results would begin another field
         */
        public Seal {
            String unfolded = results.replace("\r\n ", " ").replace("\r\n\t", " ");
            if (unfolded.chars().anyMatch(c -> c < ' ' && c != '\t')) {
                throw new IllegalArgumentException("a control character in results");
            }
        }
    }

    /**
     * @param options which fields are signed and in which form; what ARC forbids to sign is left
     *     out, DKIM-Signature fields are signed too, a lifetime is not written
     */
    public ArcSealing(Crypto crypto, Time time, SigningOptions options, Seal seal) {
        this.crypto = crypto;
        this.time = time;
        this.options = forArc(options);
        this.seal = seal;
    }

    /** Does not fold signatures, as the software did that made the test suite of ARC. */
    void signInOneLine() {
        signatureColumns = 1000;
    }

    private static SigningOptions forArc(SigningOptions options) {
        Set<String> headers = new LinkedHashSet<>(options.headers());
        headers.removeIf(name -> name.startsWith("arc-") || name.equals("authentication-results"));
        headers.add(SIGNED_BESIDES);
        return new SigningOptions(
                options.header(),
                options.body(),
                options.lifetime(),
                headers,
                options.oversigned());
    }

    @Override
    public void header(RawHeader whole, BodyHashers bodies) {
        if (whole.isComplete()) {
            header = whole;
            hash = bodies.want(options.body(), OptionalLong.empty());
        }
    }

    /**
     * ARC-Seal, ARC-Message-Signature and ARC-Authentication-Results, to stand in front of the
     * message, each ended by CRLF. Empty when the last seal says already that the chain is broken,
     * when there are 50 sets, and when the header is larger than {@link ContentPass#MAX_HEADER}.
     */
    public byte[] fields() {
        RawHeader whole = header;
        BodyHash body = hash;
        if (whole == null || body == null) {
            return new byte[0];
        }
        ArcChain chain = ArcChain.of(whole);
        if (chain.sealedAsFailed() || chain.highest() >= ArcSet.MAX) {
            return new byte[0];
        }
        boolean none = chain.sets().isEmpty() && chain.problem().isEmpty();
        ArcState before = none ? ArcState.NONE : stateOf(chain);
        int instance = chain.highest() + 1;
        String results = "ARC-Authentication-Results: i=" + instance + "; " + seal.results + "\r\n";
        String message = message(whole, body, instance);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        if (before != ArcState.FAIL) { // Section 5.1.2: else our own set alone.
            for (ArcSet set : chain.sets()) {
                sealed.writeBytes(relaxed(set.results()));
                sealed.writeBytes(relaxed(set.message().field()));
                sealed.writeBytes(relaxed(set.seal()));
            }
        }
        sealed.writeBytes(relaxed(RawField.of(results)));
        sealed.writeBytes(relaxed(RawField.of(message)));
        return (seal(sealed, before, instance) + message + results).getBytes(UTF_8);
    }

    /** A chain that we did not find whole does not become whole later. */
    private ArcState stateOf(ArcChain chain) {
        boolean passes = chain.problem().isEmpty() && seal.chain == ArcState.PASS;
        return passes ? ArcState.PASS : ArcState.FAIL;
    }

    private static byte[] relaxed(RawField field) {
        return field.canonical(Canonicalization.RELAXED);
    }

    // The order of the tags is the one that other sealers write; nothing depends on it.
    private String message(RawHeader whole, BodyHash body, int instance) {
        List<String> names = new ArrayList<>(options.signedNames(whole));
        TagWriter out =
                new TagWriter("ARC-Message-Signature")
                        .tag("a", seal.key.algorithm().text())
                        .signature()
                        .tag("bh", Base64.getEncoder().encodeToString(body.value()))
                        .tag("c", options.header().text() + "/" + options.body().text())
                        .tag("d", seal.key.domain().text())
                        .list("h", names)
                        .tag("i", Integer.toString(instance))
                        .tag("s", seal.key.selector())
                        .tag("t", now());
        byte[] data = whole.signedData(names, options.header(), out.unsigned());
        return out.signed(seal.key.sign(crypto, data), signatureColumns);
    }

    private String seal(ByteArrayOutputStream sealed, ArcState before, int instance) {
        TagWriter out =
                new TagWriter("ARC-Seal")
                        .tag("a", seal.key.algorithm().text())
                        .signature()
                        .tag("cv", before.text())
                        .tag("d", seal.key.domain().text())
                        .tag("i", Integer.toString(instance))
                        .tag("s", seal.key.selector())
                        .tag("t", now());
        byte[] self = relaxed(out.unsigned());
        sealed.write(self, 0, self.length - 2); // No final CRLF.
        return out.signed(seal.key.sign(crypto, sealed.toByteArray()));
    }

    private String now() {
        return Long.toString(time.now().getEpochSecond());
    }
}
