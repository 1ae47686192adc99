package mansio.trust.dkim;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A signature over header and body: a DKIM-Signature (RFC 6376 section 3.5), or the
 * ARC-Message-Signature that has the same tags (RFC 8617 section 4.1.2).
 *
 * @param bodyHash 32 octets, shared with their maker, not to be changed
 * @param identity i= as it stands, for people; "@" and the domain when there is none
 * @param identityDomain of i=: the domain of the claim, or one below
 * @param headers the names signed, in lower case, as often as they are signed
 * @param length of the canonical body that is signed, from its start; empty for all of it
 */
public record DkimSignature(
        Claim claim,
        byte[] bodyHash,
        Canonicalization header,
        Canonicalization body,
        String identity,
        Domain identityDomain,
        List<String> headers,
        OptionalLong length,
        Optional<Instant> signed,
        Optional<Instant> expires) {
    /** Names in h= that are read. */
    public static final int MAX_HEADERS = 1000;

    /** How far our clock and the signer's may be apart. */
    public static final Duration SKEW = Duration.ofMinutes(5);

    private static final int HASH_OCTETS = 32;
    private static final int MAX_IDENTITY = 1000;

    /** 12 digits as RFC 6376 section 3.5 says of t= and x=. */
    private static final int TIME_DIGITS = 12;

    /**
     * Reads a DKIM-Signature.
     *
     * @throws SyntaxException with the reason when a verifier has to give up on it (section 6.1.1)
     */
    public static DkimSignature parse(String value) {
        TagList tags = TagList.parse(value);
        if (!Claim.required(tags, "v").equals("1")) {
            throw new SyntaxException("v= is not 1", 0);
        }
        Domain domain = Claim.of(tags).domain();
        String identity = tags.value("i").orElse("@" + domain.text());
        Domain identityDomain = identityDomain(identity);
        if (!identityDomain.isWithin(domain)) {
            throw new SyntaxException("i= is not within d=", 0);
        }
        String form = tags.value("c").orElse(Canonicalization.SIMPLE.text());
        DkimSignature signature = of(tags, form, identity, identityDomain);
        if (!signature.headers.contains("from")) {
            throw new SyntaxException("From is not signed", 0);
        }
        return signature;
    }

    /**
     * Reads the tags that an ARC-Message-Signature shares; i= and v= are not looked at. Without c=
     * it is relaxed, as the test suite of ARC wants, though RFC 8617 does not say so.
     *
     * @throws SyntaxException with the reason
     */
    public static DkimSignature ofArc(TagList tags) {
        Domain domain = Claim.of(tags).domain();
        String form = tags.value("c").orElse("relaxed/relaxed");
        return of(tags, form, "@" + domain.text(), domain);
    }

    private static DkimSignature of(
            TagList tags, String form, String identity, Domain identityDomain) {
        byte[] bodyHash = Claim.base64(tags, "bh");
        if (bodyHash.length != HASH_OCTETS) {
            throw new SyntaxException("bh= is no SHA-256", 0);
        }
        if (tags.has("q") && !tags.items("q").contains("dns/txt")) {
            throw new SyntaxException("q= has no way to the key that we know", 0);
        }
        String[] forms = form.split("/", 2);
        Optional<Instant> signed = time(tags, "t");
        Optional<Instant> expires = time(tags, "x");
        if (signed.isPresent() && expires.isPresent() && !expires.get().isAfter(signed.get())) {
            throw new SyntaxException("x= is not after t=", 0);
        }
        return new DkimSignature(
                Claim.of(tags),
                bodyHash,
                form(forms[0]),
                forms.length > 1 ? form(forms[1]) : Canonicalization.SIMPLE,
                identity,
                identityDomain,
                headers(tags),
                length(tags),
                signed,
                expires);
    }

    private static Canonicalization form(String text) {
        return Canonicalization.of(text)
                .orElseThrow(() -> new SyntaxException("c= is no canonicalization we know", 0));
    }

    // sig-i-tag = %x69 [FWS] "=" [FWS] [ Local-part ] "@" domain-name
    private static Domain identityDomain(String identity) {
        int at = identity.lastIndexOf('@');
        if (at < 0 || identity.length() > MAX_IDENTITY) {
            throw new SyntaxException("i= is no identity", 0);
        }
        return Domain.tryParse(identity.substring(at + 1))
                .orElseThrow(() -> new SyntaxException("i= has no domain", 0));
    }

    private static List<String> headers(TagList tags) {
        Claim.required(tags, "h");
        List<String> names = new ArrayList<>();
        for (String item : tags.items("h")) {
            if (names.size() == MAX_HEADERS) {
                throw new SyntaxException("h= has too many names", 0);
            }
            if (!item.isEmpty()) { // No field has that name, so it signs nothing.
                names.add(Ascii.lower(item));
            }
        }
        return List.copyOf(names);
    }

    private static OptionalLong length(TagList tags) {
        Optional<String> text = tags.value("l");
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number("l", text.get(), 76));
    }

    /**
     * Looks at t= of a field that has no other times.
     *
     * @throws SyntaxException when it is no time
     */
    public static void checkTime(TagList tags) {
        time(tags, "t");
    }

    private static Optional<Instant> time(TagList tags, String name) {
        return tags.value(name).map(text -> Instant.ofEpochSecond(number(name, text, TIME_DIGITS)));
    }

    private static long number(String name, String text, int maxDigits) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(Ascii::isDigit);
        if (!digits || text.length() > maxDigits) {
            throw new SyntaxException(name + "= is no number", 0);
        }
        return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Why it is not to be believed at this time, if so. */
    public Optional<String> outOfTime(Instant now) {
        if (expires.isPresent() && now.isAfter(expires.get().plus(SKEW))) {
            return Optional.of("the signature expired at " + expires.get());
        }
        if (signed.isPresent() && signed.get().isAfter(now.plus(SKEW))) {
            return Optional.of("the signature is of the future, " + signed.get());
        }
        return Optional.empty();
    }
}
