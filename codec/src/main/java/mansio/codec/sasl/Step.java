package mansio.codec.sasl;

import java.util.Optional;

/** What a server's mechanism wants to happen next. */
public sealed interface Step {
    /** Send this to the client and give its answer to {@link ServerMechanism#step}. */
    record Challenge(byte[] data) implements Step {}

    /**
     * The client has told its password; the caller decides whether it is right. The end of the
     * exchange.
     *
     * @param authzid whom to act as; empty when the client left it out, meaning the same as authcid
     * @param authcid whose password it is, as received
     * @param password as received: not prepared, because imported hashes were made of such
     */
    record Password(Optional<String> authzid, String authcid, String password) implements Step {
        @Override
        public String toString() {
            return "Password[authcid=" + authcid + "]"; // Keeps the password out of logs.
        }
    }

    /** The client has proved that it knows the password. The end of the exchange. */
    record Success(Optional<String> authzid, String authcid) implements Step {}

    /** The end of the exchange without success. */
    record Failure(Cause cause) implements Step {}

    /** Why an exchange failed. */
    enum Cause {
        /** The client broke the mechanism's grammar. */
        MALFORMED,
        /** Wrong password or no such user: these look the same. */
        CREDENTIALS,
        /** The channel is not the one that the client sees, or somebody hid -PLUS from it. */
        CHANNEL_BINDING
    }
}
