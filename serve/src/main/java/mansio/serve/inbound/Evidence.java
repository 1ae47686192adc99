package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.serve.checks.Findings;
import mansio.serve.checks.Findings.Known;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was found out about a message, step by step, in a fixed order. Values only: {@link Judge}
 * decides.
 *
 * @param hops Received fields it came with
 * @param author whose message it says it is
 * @param looping recipients that it was forwarded for before
 * @param findings of the checks; only of mail from other servers
 * @param objections that follow from them by the policy
 * @param automatic true when a list or a program wrote it, as its header says
 */
record Evidence(
        int hops,
        Author author,
        Set<Address> looping,
        Optional<Findings> findings,
        List<Objection> objections,
        boolean automatic) {
    private static final Known NOBODY = new Known(false, false, false);

    Evidence {
        objections = List.copyOf(objections);
    }

    /** Of mail that nobody checks. */
    Evidence(int hops, Author author, Set<Address> looping) {
        this(hops, author, looping, Optional.empty(), List.of(), false);
    }

    /** Who is known to be who they say they are; nobody, unless it was checked. */
    Known known() {
        return findings.map(Findings::known).orElse(NOBODY);
    }

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
