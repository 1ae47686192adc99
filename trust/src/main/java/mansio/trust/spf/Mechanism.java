package mansio.trust.spf;

import java.util.Optional;

/** A test of the client (RFC 7208 section 5). Domains may hold macros. */
public sealed interface Mechanism {
    /** True for those that RFC 7208 section 4.6.4 counts: they need the DNS. */
    default boolean looksUp() {
        return switch (this) {
            case All _, Ip4 _, Ip6 _ -> false;
            case Include _, A _, Mx _, Ptr _, Exists _ -> true;
        };
    }

    /** The domain-spec, where one is written. */
    default Optional<MacroString> domainSpec() {
        return switch (this) {
            case All _, Ip4 _, Ip6 _ -> Optional.empty();
            case Include include -> Optional.of(include.domain());
            case A a -> a.domain();
            case Mx mx -> mx.domain();
            case Ptr ptr -> ptr.domain();
            case Exists exists -> Optional.of(exists.domain());
        };
    }

    /** Always matches. */
    record All() implements Mechanism {}

    /** Matches when the record of another domain gives pass. */
    record Include(MacroString domain) implements Mechanism {}

    /**
     * The client is one of the addresses of a name.
     *
     * @param domain empty for the domain of the record
     */
    record A(Optional<MacroString> domain, Cidr cidr) implements Mechanism {}

    /**
     * The client is one of the hosts that take mail for a domain.
     *
     * @param domain empty for the domain of the record
     */
    record Mx(Optional<MacroString> domain, Cidr cidr) implements Mechanism {}

    /**
     * A name of the client, which leads back to it, lies within a domain.
     *
     * @param domain empty for the domain of the record
     */
    record Ptr(Optional<MacroString> domain) implements Mechanism {}

    /** The client has an IPv4 address of this network. */
    record Ip4(Network network) implements Mechanism {}

    /** The client has an IPv6 address of this network. */
    record Ip6(Network network) implements Mechanism {}

    /** The name has an A record. */
    record Exists(MacroString domain) implements Mechanism {}
}
