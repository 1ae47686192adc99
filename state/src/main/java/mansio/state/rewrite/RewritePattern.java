package mansio.state.rewrite;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.codec.text.Unicode;

import java.util.Optional;

/**
 * Which addresses a rule is for. Case is ignored. The more special pattern wins: {@link Whole},
 * {@link Local}, {@link AllOf}.
 */
public sealed interface RewritePattern {
    /** One address, with any subaddress detail that no other rule is for. */
    record Whole(Address address) implements RewritePattern {}

    /** This local part in every domain of ours, with any subaddress detail. */
    record Local(LocalPart localPart) implements RewritePattern {}

    /** All of a domain. */
    record AllOf(Domain domain) implements RewritePattern {}

    /** Reads {@code name@example.org}, {@code name} or {@code @example.org}. */
    static Optional<RewritePattern> parse(String text) {
        if (text.startsWith("@")) return Domain.tryParse(text.substring(1)).map(AllOf::new);
        Optional<Address> whole = Address.tryParse(text);
        if (whole.isPresent()) {
            return whole.filter(it -> it.domain().isPresent()).map(Whole::new);
        }
        try {
            return Optional.of(new Local(LocalPart.parse(text)));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** As {@link #parse} reads it. */
    default String text() {
        return switch (this) {
            case Whole(Address address) -> address.toWire();
            case Local(LocalPart localPart) -> localPart.toWire();
            case AllOf(Domain domain) -> "@" + domain;
        };
    }

    /** Equal for patterns that are for the same addresses. */
    default String key() {
        return switch (this) {
            case Whole(Address address) ->
                    key(address.localPart().text()) + "@" + address.host().text();
            case Local(LocalPart localPart) -> key(localPart.text());
            case AllOf(Domain domain) -> "@" + domain;
        };
    }

    /** The local part as the wire has it, so that an "@" in it parts nothing. */
    private static String key(String localPart) {
        return new LocalPart(Unicode.lookupKey(localPart)).toWire();
    }
}
