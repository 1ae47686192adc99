package mansio.trust.dkim;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Hashes a body for all signatures in one pass: each canonical form is made once, each distinct
 * hash computed once. One for a message, used by one thread.
 */
public final class BodyHashers {
    private record Wanted(Canonicalization form, OptionalLong limit) {}

    private final Crypto crypto;
    private final Map<Wanted, BodyHash> hashes = new HashMap<>();
    private final Map<Canonicalization, CanonicalBody> bodies = new HashMap<>();

    BodyHashers(Crypto crypto) {
        this.crypto = crypto;
    }

    /**
     * Asks for a hash before the body comes.
     *
     * @param limit octets of the canonical body to be hashed, from its start; empty for all
     */
    public BodyHash want(Canonicalization form, OptionalLong limit) {
        return hashes.computeIfAbsent(new Wanted(form, limit), this::make);
    }

    private BodyHash make(Wanted wanted) {
        BodyHash hash = new BodyHash(crypto.sha256(), wanted.limit);
        bodies.computeIfAbsent(wanted.form, CanonicalBody::of).add(hash);
        return hash;
    }

    void feed(byte[] bytes, int offset, int length) {
        for (CanonicalBody body : bodies.values()) {
            body.feed(bytes, offset, offset + length);
        }
    }

    void end() {
        for (CanonicalBody body : bodies.values()) {
            body.end();
        }
    }
}
