package mansio.serve.inbound;

import mansio.serve.inbound.Evidence.Author;

import java.util.List;

/** From evidence to a verdict for each recipient: one pure function. */
final class Judge {
    /** RFC 5321 section 6.3: a message with this many Received fields runs in a circle. */
    static final int MAX_HOPS = 100;

    private Judge() {}

    /** One verdict for each recipient of the transaction, in its order. */
    static List<Verdict> judge(Transaction transaction, Evidence evidence) {
        return transaction.recipients().stream()
                .map(
                        to ->
                                evidence.looping().contains(to.forwardPath())
                                        ? new Verdict.Refuse(Refusal.FORWARDED_BEFORE)
                                        : judgeOne(transaction.origin(), evidence))
                .toList();
    }

    private static Verdict judgeOne(Origin origin, Evidence evidence) {
        if (evidence.hops() >= MAX_HOPS) return new Verdict.Refuse(Refusal.LOOP);
        return switch (origin) {
            case Origin.Submission(_, boolean anySender) when !anySender ->
                    submitted(evidence.author());
            case Origin.Submission _,
                    Origin.TrustedNetwork _,
                    Origin.Outside _,
                    Origin.Lmtp _,
                    Origin.LocalUser _ ->
                    new Verdict.Accept();
        };
    }

    // RFC 6409 section 6.1: submitted mail says who sends it, and says the truth.
    private static Verdict submitted(Author author) {
        return switch (author) {
            case Author.Clear _ -> new Verdict.Accept();
            case Author.Missing _, Author.Unclear _ -> new Verdict.Refuse(Refusal.AUTHOR_UNCLEAR);
            case Author.Foreign _ -> new Verdict.Refuse(Refusal.NOT_YOURS);
        };
    }
}
