package mansio.trust.arc;

import mansio.net.dns.DnsName;
import mansio.trust.dkim.BodyHash;
import mansio.trust.dkim.BodyHashers;
import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.Claim;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.DkimSignature;
import mansio.trust.dkim.DkimState;
import mansio.trust.dkim.KeyCheck;
import mansio.trust.dkim.KeyFinder;
import mansio.trust.dkim.RawHeader;
import mansio.trust.dkim.Surroundings;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Validates the chain of one message (RFC 8617 section 5.2): given to a {@link ContentPass} as a
 * reader, beside DKIM, and asked for its result when the pass has ended. Used by one thread. Never
 * throws for anything in the message or in the DNS; what is wrong without a look at the DNS is
 * found without.
 */
public final class ArcValidation implements ContentPass.Reader {
    private final Surroundings around;

    /** By instance; an older signature with l= has none and does not hold. */
    private final Map<Integer, BodyHash> hashes = new HashMap<>();

    private RawHeader header = RawHeader.parse(new byte[0]);
    private ArcChain chain = ArcChain.of(header);

    /** A step that did not hold. */
    private record Problem(String reason, boolean temporary) {}

    public ArcValidation(Surroundings around) {
        this.around = around;
    }

    @Override
    public void header(RawHeader whole, BodyHashers bodies) {
        header = whole;
        chain = ArcChain.of(whole);
        for (ArcSet set : chain.sets()) {
            DkimSignature signature = set.message().signature();
            // Fifty lengths would be fifty hashes of the body.
            if (set.instance() == chain.highest() || signature.length().isEmpty()) {
                hashes.put(set.instance(), bodies.want(signature.body(), signature.length()));
            }
        }
    }

    /**
     * The state of the chain. To be called once, after the end of the pass.
     *
     * @param deadlineNanos of {@code Time.nanos()}, for all keys together
     */
    public ArcResult result(long deadlineNanos) {
        if (chain.problem().isPresent()) {
            return failed(new Problem(chain.problem().get(), false));
        }
        if (chain.sets().isEmpty()) {
            return new ArcResult(ArcState.NONE, "", false, List.of(), 0);
        }
        KeyFinder keys = new KeyFinder(around);
        Optional<Problem> problem = checkMessage(chain.sets().getLast(), keys, deadlineNanos);
        if (problem.isEmpty()) {
            problem = checkSeals(keys, deadlineNanos);
        }
        return problem.isPresent()
                ? failed(problem.get())
                : new ArcResult(ArcState.PASS, "", false, hops(), oldestPass(keys, deadlineNanos));
    }

    private static ArcResult failed(Problem problem) {
        return new ArcResult(ArcState.FAIL, problem.reason, problem.temporary, List.of(), 0);
    }

    /** An ARC-Message-Signature, steps 4 and 5; a key is looked up when the body is right. */
    private Optional<Problem> checkMessage(ArcSet set, KeyFinder keys, long deadlineNanos) {
        DkimSignature signature = set.message().signature();
        String who = "message signature " + set.instance() + ": ";
        BodyHash hash = hashes.get(set.instance());
        Optional<String> outOfTime = signature.outOfTime(around.time().now());
        if (outOfTime.isPresent()) {
            return Optional.of(new Problem(who + outOfTime.get(), false));
        }
        if (hash == null || hash.unsignedOctets() > 0 || hash.isShorterThanLimit()) {
            return Optional.of(new Problem(who + "it does not sign the whole body", false));
        }
        if (!hash.matches(signature.bodyHash())) {
            return Optional.of(new Problem(who + "the body was changed", false));
        }
        byte[] data =
                header.signedData(signature.headers(), signature.header(), set.message().field());
        keys.find(List.of(signature.claim().keyName()), deadlineNanos);
        return check(who, signature.claim(), data, keys);
    }

    /** Every ARC-Seal, step 6: the newest covers all sets, the oldest its own. */
    private Optional<Problem> checkSeals(KeyFinder keys, long deadlineNanos) {
        List<DnsName> names = new ArrayList<>();
        chain.sets().forEach(set -> names.add(set.sealer().keyName()));
        keys.find(names, deadlineNanos);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        for (ArcSet set : chain.sets()) {
            sealed.writeBytes(set.results().canonical(Canonicalization.RELAXED));
            sealed.writeBytes(set.message().field().canonical(Canonicalization.RELAXED));
            byte[] self = set.seal().withoutSignature().canonical(Canonicalization.RELAXED);
            byte[] before = sealed.toByteArray();
            byte[] data = new byte[before.length + self.length - 2]; // No final CRLF.
            System.arraycopy(before, 0, data, 0, before.length);
            System.arraycopy(self, 0, data, before.length, self.length - 2);
            String who = "seal " + set.instance() + ": ";
            Optional<Problem> problem = check(who, set.sealer(), data, keys);
            if (problem.isPresent()) {
                return problem;
            }
            sealed.writeBytes(set.seal().canonical(Canonicalization.RELAXED));
        }
        return Optional.empty();
    }

    private Optional<Problem> check(String who, Claim claim, byte[] data, KeyFinder keys) {
        KeyCheck check =
                KeyCheck.of(
                        new KeyCheck.Question(claim, data, true),
                        keys.answer(claim.keyName()),
                        around.crypto());
        return check.state() == DkimState.PASS
                ? Optional.empty()
                : Optional.of(
                        new Problem(who + check.reason(), check.state() == DkimState.TEMPERROR));
    }

    private int oldestPass(KeyFinder keys, long deadlineNanos) {
        for (int instance = chain.highest() - 1; instance >= 1; instance--) {
            ArcSet set = chain.sets().get(instance - 1);
            if (checkMessage(set, keys, deadlineNanos).isPresent()) {
                return instance + 1;
            }
        }
        return 0;
    }

    private List<ArcResult.Hop> hops() {
        List<ArcResult.Hop> hops = new ArrayList<>();
        for (ArcSet set : chain.sets().reversed()) {
            boolean signsFrom = set.message().signature().headers().contains("from");
            hops.add(
                    new ArcResult.Hop(
                            set.instance(), set.sealer().domain(), set.resultsText(), signsFrom));
        }
        return List.copyOf(hops);
    }
}
