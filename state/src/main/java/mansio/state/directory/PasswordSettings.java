package mansio.state.directory;

/**
 * How passwords are kept.
 *
 * @param minLength characters that a new password has at least
 * @param scram when SCRAM is offered
 * @param scramIterations of keys made here: 4,096 or more (RFC 7677 section 4); clients compute as
 *     many
 * @param imported what becomes of hashes that came from another server
 */
public record PasswordSettings(
        int minLength, ScramOffer scram, int scramIterations, Imported imported) {
    /** What a server without other wishes uses. */
    public static final PasswordSettings DEFAULT =
            new PasswordSettings(8, ScramOffer.WHEN_ALL_HAVE_KEYS, 10_000, Imported.REHASH);

    /** When SCRAM is offered. */
    public enum ScramOffer {
        /**
         * When it works for every enabled account: a client that picks it and fails may not fall
         * back to PLAIN.
         */
        WHEN_ALL_HAVE_KEYS,
        /** Always: accounts without keys can log in by PLAIN only. */
        ALWAYS,
        /**
         * Never, and no keys are made: whoever steals the store can guess SCRAM keys quicker than
         * Argon2 hashes.
         */
        NEVER
    }

    /** What becomes of an imported hash when its owner logs in. */
    public enum Imported {
        /** It is replaced by one of ours. */
        REHASH,
        /** It stays, and refusals cost no more than it does: for measurements of something else. */
        KEEP
    }

    public PasswordSettings {
        if (minLength < 1 || minLength > 128) {
            throw new IllegalArgumentException("minimum length " + minLength);
        }
        if (scramIterations < 4096 || scramIterations > 1_000_000) {
            throw new IllegalArgumentException("SCRAM iterations " + scramIterations);
        }
    }
}
