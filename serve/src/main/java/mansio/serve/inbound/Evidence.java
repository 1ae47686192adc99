package mansio.serve.inbound;

import mansio.codec.text.Address;

import java.util.Optional;
import java.util.Set;

/**
 * What was found out about a message, step by step, in a fixed order. Values only: {@link Judge}
 * decides.
 *
 * @param hops Received fields it came with
 * @param author whose message it says it is
 * @param looping recipients that it was forwarded for before
 */
record Evidence(int hops, Author author, Set<Address> looping) {
    /** What the From and Sender fields say. */
    sealed interface Author {
        /** One address, and it may send: nothing is asked of mail that was not submitted here. */
        record Clear() implements Author {}

        /** No From field, or one that names no address. */
        record Missing() implements Author {}

        /** Several From fields, or one that can be read in two ways. */
        record Unclear(String why) implements Author {}

        /** An address that the submitting account does not own. */
        record Foreign(String address) implements Author {}
    }

    /** Why the author is not accepted, if so. */
    Optional<String> authorFault() {
        return switch (author) {
            case Author.Clear _ -> Optional.empty();
            case Author.Missing _ -> Optional.of("no From address");
            case Author.Unclear(String why) -> Optional.of(why);
            case Author.Foreign(String address) ->
                    Optional.of(address + " is not the account's address");
        };
    }
}
