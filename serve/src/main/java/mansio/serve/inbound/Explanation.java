package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.serve.checks.Findings;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of a message that another server brings, and why: the answer of a {@link Replay}.
 *
 * @param findings of the checks; empty when the message is refused before it is checked
 * @param objections what speaks against it, by the policy; what is only noted too
 * @param fates for each recipient, in their order
 * @param refusal what the session hears at the end; empty when the message is taken
 * @param field the Authentication-Results field that is put in front, with its line ends; empty
 *     without findings
 */
public record Explanation(
        Optional<Findings> findings,
        List<Objection> objections,
        List<Fate> fates,
        Optional<Refusal> refusal,
        String field) {
    public Explanation {
        objections = List.copyOf(objections);
        fates = List.copyOf(fates);
    }

    /** Where it goes for one recipient. */
    public enum End {
        TAKEN,
        JUNK,
        REFUSED
    }

    /**
     * What becomes of it for one recipient.
     *
     * @param reason why it is not simply taken; else empty
     */
    public record Fate(Address to, End end, String reason) {}

    /** Of a message that nobody looks into. */
    static Explanation unseen(Refusal refusal) {
        return new Explanation(Optional.empty(), List.of(), List.of(), Optional.of(refusal), "");
    }
}
