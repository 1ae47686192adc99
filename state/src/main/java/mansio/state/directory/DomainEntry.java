package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.store.AccountId;

import java.time.Instant;
import java.util.Optional;

/**
 * A domain of ours.
 *
 * @param admin gets what is sent to postmaster and abuse; empty until the domain has an account
 * @param separators the characters that may part a local part from its subaddress detail; may be
 *     empty
 * @param catchAll gets what nobody else gets
 * @param aliasOf the domain of ours whose addresses this one has; it has none of its own then
 */
record DomainEntry(
        Domain domain,
        Optional<AccountId> admin,
        String separators,
        Optional<Address> catchAll,
        Optional<Domain> aliasOf,
        Instant created) {
    static final String DEFAULT_SEPARATORS = "+";

    DomainEntry withAdmin(Optional<AccountId> newAdmin) {
        return new DomainEntry(domain, newAdmin, separators, catchAll, aliasOf, created);
    }

    DomainEntry withSeparators(String newSeparators) {
        return new DomainEntry(domain, admin, newSeparators, catchAll, aliasOf, created);
    }

    DomainEntry withCatchAll(Optional<Address> newCatchAll) {
        return new DomainEntry(domain, admin, separators, newCatchAll, aliasOf, created);
    }

    DomainEntry withAliasOf(Optional<Domain> newAliasOf) {
        return new DomainEntry(domain, admin, separators, catchAll, newAliasOf, created);
    }
}
