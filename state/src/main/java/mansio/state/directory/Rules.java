package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What must always hold between the names of the directory, and the sentences that say so. */
final class Rules {
    /** Aliases with patterns in one domain: each is tried for an address that nobody has. */
    static final int MAX_PATTERNS = 1_000;

    private Rules() {}

    /** What stands against adding an address, if anything. */
    static <T> Optional<Outcome<T>> wrongNewAddress(Tables tables, Address address) {
        Optional<AddressKey> key = AddressKey.of(address);
        if (key.isEmpty()) {
            return invalid(address + " has no domain name behind the @");
        }
        Optional<DomainEntry> domain = tables.domain(key.get().domain());
        if (domain.isEmpty()) {
            return Optional.of(noDomain(key.get().domain()));
        }
        if (domain.get().aliasOf().isPresent()) {
            Domain real = domain.get().aliasOf().get();
            return invalid(
                    domain.get().domain()
                            + " has the addresses of "
                            + real
                            + " and none of its own; add it there");
        }
        int octets = address.localPart().text().getBytes(StandardCharsets.UTF_8).length;
        if (octets == 0 || octets > Router.MAX_LOCAL_PART_OCTETS) {
            return invalid(
                    "the part before the @ must have 1 to "
                            + Router.MAX_LOCAL_PART_OCTETS
                            + " octets");
        }
        return tables.address(key.get()).map(Rules::exists);
    }

    private static <T> Outcome<T> exists(AddressEntry entry) {
        String name = AliasPattern.show(entry.address());
        return switch (entry) {
            case AddressEntry.OfAccount _ ->
                    Outcome.refused(
                            Outcome.Problem.EXISTS, "there is an account " + name + " already");
            case AddressEntry.Alias _ ->
                    Outcome.refused(
                            Outcome.Problem.EXISTS,
                            "there is an alias "
                                    + name
                                    + " already; remove it first: mansio alias remove "
                                    + name);
        };
    }

    /** What stands against an alias with this pattern, if anything. */
    static <T> Optional<Outcome<T>> wrongPattern(Tables tables, Address address) {
        Optional<Domain> domain = address.domain();
        if (domain.isEmpty() || !AliasPattern.isPattern(address.localPart())) {
            return Optional.empty();
        }
        if (tables.patterns(domain.get()).size() >= MAX_PATTERNS) {
            return invalid(
                    domain.get() + " has " + MAX_PATTERNS + " aliases with patterns already");
        }
        try {
            AliasPattern.of(address.localPart());
            return Optional.empty();
        } catch (SyntaxException e) {
            return invalid(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What stands against an alias or a catch-all that leads to this address, if anything: what is
     * ours must be there by name.
     */
    static <T> Optional<Outcome<T>> wrongTarget(Tables tables, Address target) {
        if (target.domain().isEmpty()) {
            return invalid(target + " has no domain name behind the @");
        }
        try {
            return switch (new Router(tables, target).byNameOnly().oneDeeper().route()) {
                case Route.Ours _, Route.Remote _, Route.Reflector _ -> Optional.empty();
                case Route.NoSuchUser _ ->
                        Router.entryKey(tables, target).isPresent()
                                ? Optional.empty() // It is switched off.
                                : Optional.of(
                                        Outcome.refused(
                                                Outcome.Problem.NOT_FOUND,
                                                "nobody here has the address "
                                                        + target
                                                        + "; add it first"));
            };
        } catch (IOException e) {
            return invalid(String.valueOf(e.getMessage()));
        }
    }

    /** Who needs this address as a target, if anybody. */
    static <T> Optional<Outcome<T>> usedBy(Tables tables, Address address) {
        Optional<AddressKey> key = AddressKey.of(address);
        for (AddressEntry entry : tables.addresses()) {
            if (entry instanceof AddressEntry.Alias alias
                    && alias.targets().stream().anyMatch(it -> sameMailbox(tables, it, key))) {
                return Optional.of(
                        Outcome.refused(
                                Outcome.Problem.IN_USE,
                                "the alias "
                                        + AliasPattern.show(alias.address())
                                        + " leads to "
                                        + address
                                        + "; remove it first"));
            }
        }
        return tables.domains().stream()
                .filter(it -> it.catchAll().filter(to -> sameMailbox(tables, to, key)).isPresent())
                .map(
                        it ->
                                Outcome.<T>refused(
                                        Outcome.Problem.IN_USE,
                                        address
                                                + " is the catch-all of "
                                                + it.domain()
                                                + "; change that first"))
                .findFirst();
    }

    /** What aliases and catch-alls of all domains lead to in this one. */
    static List<Address> targetsIn(Tables tables, Domain domain) {
        Stream<Address> aliased =
                tables.addresses().stream()
                        .filter(AddressEntry.Alias.class::isInstance)
                        .flatMap(it -> ((AddressEntry.Alias) it).targets().stream());
        Stream<Address> caught =
                tables.domains().stream().map(DomainEntry::catchAll).flatMap(Optional::stream);
        return Stream.concat(aliased, caught)
                .filter(it -> !AliasPattern.hasPlaces(it))
                .map(tables::real)
                .filter(it -> it.host().equals(domain))
                .toList();
    }

    /** What stands against a domain having the addresses of another one, if anything. */
    static <T> Optional<Outcome<T>> wrongAliasOf(Tables tables, DomainEntry entry, Domain other) {
        Domain domain = entry.domain();
        Optional<DomainEntry> there = tables.domain(other);
        if (there.isEmpty()) {
            return Optional.of(noDomain(other));
        }
        if (domain.equals(other) || there.get().aliasOf().isPresent()) {
            return invalid(other + " has no addresses of its own to share");
        }
        Tables.Counts counts = tables.counts(domain);
        if (counts.accounts() + counts.aliases() > 0) {
            return Optional.of(
                    Outcome.refused(
                            Outcome.Problem.IN_USE,
                            "%s has %d accounts and %d aliases of its own; remove those first"
                                    .formatted(domain, counts.accounts(), counts.aliases())));
        }
        return sharedBy(tables, domain);
    }

    /** Who has the addresses of this domain too, if anybody. */
    static <T> Optional<Outcome<T>> sharedBy(Tables tables, Domain domain) {
        return tables.domains().stream()
                .filter(it -> it.aliasOf().equals(Optional.of(domain)))
                .map(
                        it ->
                                Outcome.<T>refused(
                                        Outcome.Problem.IN_USE,
                                        it.domain()
                                                + " has the addresses of "
                                                + domain
                                                + "; change that first: mansio domain alias "
                                                + it.domain()))
                .findFirst();
    }

    /** True when the target's own entry, its subaddress detail left out, is that of the key. */
    private static boolean sameMailbox(Tables tables, Address target, Optional<AddressKey> key) {
        return !AliasPattern.hasPlaces(target) && Router.entryKey(tables, target).equals(key);
    }

    static String sortKey(Address address) {
        return address.host().text() + "\0" + address.localPart().text();
    }

    static boolean isIn(Optional<Domain> domain, Address address) {
        return domain.isEmpty() || address.domain().equals(domain);
    }

    static <T> Outcome<T> noDomain(Domain domain) {
        return Outcome.refused(
                Outcome.Problem.NOT_FOUND,
                domain
                        + " is not a domain of this server; add it first: mansio domain add "
                        + domain);
    }

    static <T> Outcome<T> noAccount(Address address) {
        return Outcome.refused(Outcome.Problem.NOT_FOUND, "there is no account " + address);
    }

    static <T> Optional<Outcome<T>> invalid(String sentence) {
        return Optional.of(Outcome.refused(Outcome.Problem.INVALID, sentence));
    }
}
