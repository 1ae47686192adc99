package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.serve.inbound.Evidence.Author;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From evidence to a verdict for each recipient: one pure function. */
final class Judge {
    /** RFC 5321 section 6.3: a message with this many Received fields runs in a circle. */
    static final int MAX_HOPS = 100;

    /** Who must be reachable for somebody whose mail we refuse (RFC 5321 section 4.5.1). */
    private static final Set<String> ALWAYS_OPEN = Set.of("postmaster", "abuse");

    private Judge() {}

    /** One verdict for each recipient of the transaction, in its order. */
    static List<Verdict> judge(
            Transaction transaction, Evidence evidence, Forwarding.Outside forwarding) {
        Optional<Objection> worst =
                evidence.objections().stream().max(Comparator.comparing(Objection::measure));
        return transaction.recipients().stream()
                .map(
                        to -> {
                            if (evidence.looping().contains(to.forwardPath()))
                                return new Verdict.Refuse(Refusal.FORWARDED_BEFORE);
                            Verdict verdict = judgeOne(transaction.origin(), evidence, worst, to);
                            if (to.route() instanceof Route.Reflector)
                                return reflected(evidence, verdict);
                            return verdict instanceof Verdict.Accept
                                    ? onward(transaction.origin(), evidence, forwarding, to)
                                    : verdict;
                        })
                .toList();
    }

    private static Verdict judgeOne(
            Origin origin, Evidence evidence, Optional<Objection> worst, RoutedRecipient to) {
        if (evidence.hops() >= MAX_HOPS) return new Verdict.Refuse(Refusal.LOOP);
        return switch (origin) {
            case Origin.Submission(_, boolean anySender) when !anySender ->
                    submitted(evidence.author());
            case Origin.Outside _ ->
                    worst.map(it -> checked(it, to)).orElseGet(Verdict.Accept::new);
            case Origin.Submission _, Origin.TrustedNetwork _, Origin.Lmtp _, Origin.LocalUser _ ->
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

    private static Verdict checked(Objection worst, RoutedRecipient to) {
        Measure measure = worst.measure();
        if (measure == Measure.REFUSE && isAlwaysOpen(to.forwardPath())) measure = Measure.JUNK;
        return switch (measure) {
            case NOTE -> new Verdict.Accept();
            case JUNK -> new Verdict.Quarantine(worst.reason());
            case DEFER, REFUSE -> new Verdict.Refuse(worst.refusal());
        };
    }

    /** An answer must not reach somebody who asked nothing (RFC 3834 section 2). */
    private static Verdict reflected(Evidence evidence, Verdict verdict) {
        if (verdict instanceof Verdict.Refuse) return verdict;
        if (evidence.automatic()) return new Verdict.Refuse(Refusal.ANSWERS_PEOPLE);
        if (evidence.known().author() && evidence.pathIsSenders()) return new Verdict.Accept();
        return new Verdict.Refuse(evidence.open() ? Refusal.CANNOT_TELL : Refusal.NOT_ANSWERED);
    }

    private static boolean isAlwaysOpen(Address to) {
        return ALWAYS_OPEN.contains(Ascii.lower(to.localPart().text()));
    }

    /** Where all that comes of it is sent on, what must not be sent on is refused. */
    private static Verdict onward(
            Origin origin, Evidence evidence, Forwarding.Outside forwarding, RoutedRecipient to) {
        boolean asks = forwarding == Forwarding.Outside.AUTHENTICATED;
        boolean stays =
                !(origin instanceof Origin.Outside)
                        || !(to.route() instanceof Route.Ours ours)
                        || !ours.targets().isEmpty()
                        || ours.forwards().isEmpty()
                        || ours.forwards().stream()
                                .anyMatch(it -> it.reason() == Route.Reason.RETURN);
        if (stays || !asks || evidence.known().author()) return new Verdict.Accept();
        return new Verdict.Refuse(
                evidence.known().open() ? Refusal.CANNOT_TELL : Refusal.UNKNOWN_NOT_FORWARDED);
    }
}
