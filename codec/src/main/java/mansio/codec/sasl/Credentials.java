package mansio.codec.sasl;

import java.util.Optional;

/**
 * Who a client says it is.
 *
 * @param authzid whom to act as; empty for the same as authcid
 * @param authcid whose password it is
 */
public record Credentials(Optional<String> authzid, String authcid, String password) {
    public Credentials {
        if (authcid.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException("empty user name or password");
        }
        if ((authzid.orElse("") + authcid + password).indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in credentials");
        }
    }

    @Override
    public String toString() {
        return "Credentials[authcid=" + authcid + "]"; // Keeps the password out of logs.
    }
}
