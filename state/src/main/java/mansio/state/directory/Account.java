package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.state.store.AccountId;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What is known of an account, without its secrets.
 *
 * @param address its own address, also its log-in name
 * @param enabled false: nobody can log in; mail is still received
 * @param quotaBytes for all its mail; empty for the server's default
 * @param credentialVersion one more with each change of the password or of {@code enabled}: a
 *     session that began with a lower one ends
 */
public record Account(
        AccountId id,
        Address address,
        boolean enabled,
        OptionalLong quotaBytes,
        long credentialVersion,
        Instant created) {}
