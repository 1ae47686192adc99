package mansio.trust.dkim;

import mansio.codec.text.Domain;

import java.security.PrivateKey;

/**
 * A key that signs for a domain, and where its public half is published.
 *
 * @param selector labels with dots between, in ASCII and lower case
 */
public record SigningKey(
        Domain domain, String selector, SignatureAlgorithm algorithm, PrivateKey key) {
    /**
     * @throws mansio.codec.text.SyntaxException when the selector is none
     */
    public SigningKey {
        selector = Claim.selector(selector);
    }

    /** Signs: with the JDK for about a millisecond when it is an RSA key. */
    public byte[] sign(Crypto crypto, byte[] data) {
        return crypto.sign(algorithm, key, data);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return selector + "._domainkey." + domain + " " + algorithm.text();
    }
}
