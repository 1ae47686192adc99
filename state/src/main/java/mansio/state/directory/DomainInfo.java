package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.util.Optional;

/**
 * A domain, for people.
 *
 * @param admin the account that gets mail for postmaster and abuse, its address; empty until there
 *     is one
 * @param separators each character of it parts a local part from its subaddress detail
 * @param aliasOf the domain whose addresses this one has
 */
public record DomainInfo(
        Domain domain,
        Optional<Address> admin,
        String separators,
        Optional<Address> catchAll,
        Optional<Domain> aliasOf,
        int accounts,
        int aliases) {}
