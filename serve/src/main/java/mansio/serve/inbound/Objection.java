package mansio.serve.inbound;

import mansio.serve.inbound.InboundPolicy.Measure;

/**
 * Something that speaks against a message, and what is done about it.
 *
 * @param refusal what is said when it is refused or deferred
 * @param reason one line for the story and for who finds it in Junk
 */
public record Objection(Measure measure, Refusal refusal, String reason) {
    /** The same with another measure. */
    Objection with(Measure other) {
        return new Objection(other, refusal, reason);
    }

    /** The same, with this measure at most. */
    Objection atMost(Measure most) {
        return measure.compareTo(most) > 0 ? with(most) : this;
    }
}
