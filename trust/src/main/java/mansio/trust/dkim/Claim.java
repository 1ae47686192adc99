package mansio.trust.dkim;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;

import java.util.Base64;

/**
 * What every signature field says, those of ARC too: who signed, with which key, and the octets.
 *
 * @param signature shared with its maker, not to be changed
 * @param selector labels with dots between, in ASCII and lower case
 */
public record Claim(
        SignatureAlgorithm algorithm, byte[] signature, Domain domain, String selector) {
    /** Octets of the longest signature: RSA of 4096 bits. */
    static final int MAX_SIGNATURE = 512;

    /**
     * Reads the tags a=, b=, d= and s= (RFC 6376 section 3.5, RFC 8616 section 4).
     *
     * @throws SyntaxException with the reason when one is missing or wrong
     */
    public static Claim of(TagList tags) {
        String a = required(tags, "a");
        if (a.equals("rsa-sha1")) {
            throw new SyntaxException("rsa-sha1 is not to be believed (RFC 8301)", 0);
        }
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.of(a)
                        .orElseThrow(() -> new SyntaxException("a= is no algorithm we know", 0));
        byte[] signature = base64(tags, "b");
        if (signature.length == 0 || signature.length > MAX_SIGNATURE) {
            throw new SyntaxException("b= holds no signature", 0);
        }
        Domain domain =
                Domain.tryParse(required(tags, "d"))
                        .orElseThrow(() -> new SyntaxException("d= is no domain", 0));
        Claim claim = new Claim(algorithm, signature, domain, selector(required(tags, "s")));
        if (DnsName.tryParse(claim.keyText()).isEmpty()) {
            throw new SyntaxException("s= and d= make no name of the DNS", 0);
        }
        return claim;
    }

    static String required(TagList tags, String name) {
        return tags.value(name).orElseThrow(() -> new SyntaxException(name + "= is missing", 0));
    }

    static byte[] base64(TagList tags, String name) {
        String text = TagList.withoutSpace(required(tags, name));
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new SyntaxException(name + "= is not base64", 0);
        }
    }

    /**
     * A selector in the form that is looked up.
     *
     * @throws SyntaxException when it is none
     */
    static String selector(String text) {
        String ascii =
                Ascii.isAscii(text)
                        ? Ascii.lower(text)
                        : Domain.tryParse(text).map(Domain::text).orElse("");
        boolean ok =
                !ascii.isEmpty()
                        && ascii.chars()
                                .allMatch(
                                        c ->
                                                Ascii.isLetter(c)
                                                        || Ascii.isDigit(c)
                                                        || c == '-'
                                                        || c == '_'
                                                        || c == '.');
        if (!ok) {
            throw new SyntaxException("s= is no selector", 0);
        }
        return ascii;
    }

    private String keyText() {
        return selector + "._domainkey." + domain.text();
    }

    /** Where the key is published (RFC 6376 section 3.6.2.1). */
    public DnsName keyName() {
        return DnsName.parse(keyText());
    }

    /** The start of the signature as header.b wants it (RFC 6008 section 3): 8 chars of base64. */
    public String start() {
        String all = Base64.getEncoder().encodeToString(signature);
        return all.substring(0, Math.min(8, all.length()));
    }
}
