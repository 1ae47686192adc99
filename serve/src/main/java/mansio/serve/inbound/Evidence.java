package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.serve.checks.Findings;
import mansio.serve.checks.Findings.Known;
import mansio.trust.spf.Result;

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
 * @param from the one address in From, when it is clear; of mail from other servers
 * @param automatic true when a list or a program wrote it, as its header says
 */
record Evidence(
        int hops,
        Author author,
        Set<Address> looping,
        Optional<Findings> findings,
        List<Objection> objections,
        Optional<Address> from,
        boolean automatic) {
    private static final Known NOBODY = new Known(false, false, false);

    Evidence {
        objections = List.copyOf(objections);
    }

    /** Of mail that nobody checks. */
    Evidence(int hops, Author author, Set<Address> looping) {
        this(hops, author, looping, Optional.empty(), List.of(), Optional.empty(), false);
    }

    /** Who is known to be who they say they are; nobody, unless it was checked. */
    Known known() {
        return findings.map(Findings::known).orElse(NOBODY);
    }

    /**
     * Whether the reverse-path is of who sent the message, and not of somebody else in the same
     * domain. A signature alone does not tell that: anybody may send a signed message once more,
     * with another path of the domain. So the path has to pass SPF, or to be the author.
     */
    boolean pathIsSenders() {
        if (!known().path() || findings.isEmpty()) return false;
        if (findings.get().mailFrom().result() == Result.PASS) return true;
        return from.isPresent() && findings.get().client().reversePath().equals(from);
    }

    /** Whether another time it may be known who sent it. */
    boolean open() {
        return known().open()
                || findings.filter(it -> it.mailFrom().result() == Result.TEMPERROR).isPresent();
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
}
