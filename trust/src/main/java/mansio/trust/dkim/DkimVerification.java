package mansio.trust.dkim;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies the signatures of one message (RFC 6376 section 6): given to a {@link ContentPass} as a
 * reader, and asked for its results when the pass has ended. Used by one thread.
 *
 * <p>Never throws for anything in the message or in the DNS. Names in the DNS are looked up for
 * signatures whose body hash is right only: what failed already needs no key.
 */
public final class DkimVerification implements ContentPass.Reader {
    /** Signatures looked at, from the top. */
    public static final int MAX_SIGNATURES = 10;

    private static final String FIELD = "dkim-signature";

    private final Surroundings around;
    private final List<Candidate> candidates = new ArrayList<>();
    private RawHeader header = RawHeader.parse(new byte[0]);
    private int ignored;

    /** A signature on its way: read, then with its body hash, then with a result. */
    private static final class Candidate {
        final RawField field;

        /** Null while the signature is not read. */
        @Nullable DkimSignature signature;

        /** Null when no hash is wanted. */
        @Nullable BodyHash hash;

        /** Null while nothing speaks against it. */
        @Nullable DkimResult result;

        Candidate(RawField field) {
            this.field = field;
        }

        void end(DkimState state, String reason) {
            end(new KeyCheck(state, reason, 0, false), 0);
        }

        void end(KeyCheck check, long unsignedTail) {
            result =
                    new DkimResult(
                            check.state(),
                            check.reason(),
                            Optional.ofNullable(signature),
                            check.keyBits(),
                            check.testing(),
                            unsignedTail);
        }
    }

    public DkimVerification(Surroundings around) {
        this.around = around;
    }

    @Override
    public void header(RawHeader whole, BodyHashers bodies) {
        header = whole;
        List<RawField> fields = whole.all(FIELD);
        ignored = Math.max(0, fields.size() - MAX_SIGNATURES);
        for (RawField field : fields.subList(0, fields.size() - ignored)) {
            Candidate candidate = new Candidate(field);
            candidates.add(candidate);
            read(candidate, bodies);
        }
    }

    private void read(Candidate candidate, BodyHashers bodies) {
        if (!header.isComplete()) {
            candidate.end(
                    DkimState.PERMERROR,
                    "the header is larger than " + ContentPass.MAX_HEADER + " octets");
            return;
        }
        try {
            DkimSignature signature = DkimSignature.parse(candidate.field.value());
            candidate.signature = signature;
            candidate.hash = bodies.want(signature.body(), signature.length());
        } catch (SyntaxException e) {
            candidate.end(DkimState.PERMERROR, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The result of each signature, from the top; a last one tells how many were not looked at.
     * Empty when the message has none. To be called once, after the end of the pass.
     *
     * @param deadlineNanos of {@code Time.nanos()}, for all keys together
     */
    public List<DkimResult> results(long deadlineNanos) {
        Instant now = around.time().now();
        List<DnsName> names = new ArrayList<>();
        for (Candidate candidate : candidates) {
            DkimSignature signature = candidate.signature;
            BodyHash hash = candidate.hash;
            if (signature != null && hash != null) {
                checkWithoutKey(candidate, signature, hash, now);
                if (candidate.result == null) {
                    names.add(signature.claim().keyName());
                }
            }
        }
        KeyFinder keys = new KeyFinder(around);
        keys.find(names, deadlineNanos);
        List<DkimResult> results = new ArrayList<>();
        for (Candidate candidate : candidates) {
            DkimResult result = candidate.result;
            results.add(result == null ? checkWithKey(candidate, keys) : result);
        }
        if (ignored > 0) {
            String reason = ignored + " more signatures were not looked at";
            results.add(new DkimResult(DkimState.NEUTRAL, reason, Optional.empty(), 0, false, 0));
        }
        return List.copyOf(results);
    }

    private static void checkWithoutKey(
            Candidate candidate, DkimSignature signature, BodyHash hash, Instant now) {
        Optional<String> outOfTime = signature.outOfTime(now);
        if (outOfTime.isPresent()) {
            candidate.end(DkimState.FAIL, outOfTime.get());
        } else if (hash.isShorterThanLimit()) {
            candidate.end(DkimState.PERMERROR, "l= is larger than the body");
        } else if (!hash.matches(signature.bodyHash())) {
            candidate.end(DkimState.FAIL, "the body was changed");
        }
    }

    private DkimResult checkWithKey(Candidate candidate, KeyFinder keys) {
        DkimSignature signature = candidate.signature;
        BodyHash hash = candidate.hash;
        if (signature == null || hash == null) {
            throw new IllegalStateException("a candidate without result was not read");
        }
        byte[] data = header.signedData(signature.headers(), signature.header(), candidate.field);
        boolean exact = signature.identityDomain().equals(signature.claim().domain());
        KeyCheck check =
                KeyCheck.of(
                        new KeyCheck.Question(signature.claim(), data, exact),
                        keys.answer(signature.claim().keyName()),
                        around.crypto());
        long tail = hash.unsignedOctets();
        if (check.state() == DkimState.PASS && tail > 0) {
            String reason =
                    "signed only the first " + signature.length().orElse(0) + " octets of the body";
            check = new KeyCheck(DkimState.POLICY, reason, check.keyBits(), check.testing());
        }
        candidate.end(check, tail);
        DkimResult result = candidate.result;
        if (result == null) {
            throw new IllegalStateException("no result");
        }
        return result;
    }
}
