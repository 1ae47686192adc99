package mansio.state.rewrite;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.util.Optional;

/** What an address becomes. */
public sealed interface RewriteTarget {
    /** This address. */
    record To(Address address) implements RewriteTarget {}

    /** The same local part in another domain. */
    record Into(Domain domain) implements RewriteTarget {}

    /** Reads {@code name@example.org} or {@code @example.org}. */
    static Optional<RewriteTarget> parse(String text) {
        return text.startsWith("@")
                ? Domain.tryParse(text.substring(1)).map(Into::new)
                : Address.tryParse(text).filter(it -> it.domain().isPresent()).map(To::new);
    }

    /** As {@link #parse} reads it. */
    default String text() {
        return switch (this) {
            case To(Address address) -> address.toWire();
            case Into(Domain domain) -> "@" + domain;
        };
    }
}
