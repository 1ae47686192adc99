package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.DomainInfo;

import java.util.List;
import java.util.Optional;

/**
 * A domain of ours.
 *
 * @param postmaster who gets mail for postmaster and abuse
 * @param separators each character of it parts a local part from its subaddress detail
 * @param aliasOf the domain whose addresses this one has
 */
public record DomainFacts(
        Domain domain,
        Optional<Address> postmaster,
        String separators,
        Optional<Address> catchAll,
        Optional<Domain> aliasOf,
        int accounts,
        int aliases)
        implements Answer {
    static DomainFacts of(DomainInfo info) {
        return new DomainFacts(
                info.domain(),
                info.admin(),
                info.separators(),
                info.catchAll(),
                info.aliasOf(),
                info.accounts(),
                info.aliases());
    }

    @Override
    public List<String> lines() {
        if (aliasOf.isPresent()) {
            return List.of(
                    domain.toUnicode(), "  has the addresses of " + aliasOf.get().toUnicode());
        }
        return List.of(
                domain.toUnicode(),
                "  accounts    " + accounts,
                "  aliases     " + aliases,
                "  postmaster  " + postmaster.map(Address::toDisplay).orElse("none yet"),
                "  separators  " + (separators.isEmpty() ? "none" : separators),
                "  catch-all   " + catchAll.map(Address::toDisplay).orElse("none"));
    }
}
