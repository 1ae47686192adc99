package mansio.state.directory;

import mansio.codec.sasl.ScramKeys;

import java.util.Optional;

/**
 * The secrets of an account.
 *
 * @param version the account's credential version that these belong to
 * @param password as {@link mansio.state.password.StoredPassword#text} writes it
 */
record Credentials(long version, Optional<String> password, Optional<ScramKeys> scram) {
    @Override
    public String toString() {
        return "Credentials[version=" + version + "]";
    }
}
