package mansio.trust.arc;

import mansio.codec.text.SyntaxException;
import mansio.trust.dkim.RawField;
import mansio.trust.dkim.RawHeader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sets on a message, before any signature is looked at (RFC 8617 section 5.2, steps 1 to 3).
 *
 * @param sets from the first sealer to the last; empty when there are none or something is wrong
 * @param problem what is wrong
 * @param highest the highest instance seen; 0 without any
 * @param sealedAsFailed the last seal says that the chain is broken: it stays so for good
 */
record ArcChain(List<ArcSet> sets, Optional<String> problem, int highest, boolean sealedAsFailed) {
    private static final ArcChain NONE = new ArcChain(List.of(), Optional.empty(), 0, false);

    /** Fields of one instance, as they are found. */
    private static final class Slot {
        final List<RawField> results = new ArrayList<>(1);
        final List<RawField> messages = new ArrayList<>(1);
        final List<RawField> seals = new ArrayList<>(1);

        boolean isWhole() {
            return results.size() == 1 && messages.size() == 1 && seals.size() == 1;
        }
    }

    static ArcChain of(RawHeader header) {
        int results = header.count(ArcSet.RESULTS);
        int messages = header.count(ArcSet.MESSAGE);
        int seals = header.count(ArcSet.SEAL);
        if (results + messages + seals == 0) {
            return NONE;
        }
        if (!header.isComplete()) {
            return broken("the header is too large", 0, false);
        }
        if (Math.max(results, Math.max(messages, seals)) > ArcSet.MAX) {
            return broken("more than " + ArcSet.MAX + " sets", ArcSet.MAX, false);
        }
        NavigableMap<Integer, Slot> slots = new TreeMap<>();
        Optional<String> problem = collect(header, slots);
        Map.Entry<Integer, Slot> last = slots.lastEntry();
        int highest = last == null ? 0 : last.getKey();
        boolean sealedAsFailed =
                last != null && last.getValue().seals.stream().anyMatch(ArcChain::saysFail);
        if (sealedAsFailed) {
            return broken("the last seal says that the chain is broken", highest, true);
        }
        if (problem.isPresent()) {
            return broken(problem.get(), highest, false);
        }
        return read(slots, highest);
    }

    private static ArcChain broken(String problem, int highest, boolean sealedAsFailed) {
        return new ArcChain(List.of(), Optional.of(problem), highest, sealedAsFailed);
    }

    /** Sorts the fields by instance; gives the first problem. */
    private static Optional<String> collect(RawHeader header, NavigableMap<Integer, Slot> slots) {
        String problem = null;
        for (String name : List.of(ArcSet.RESULTS, ArcSet.MESSAGE, ArcSet.SEAL)) {
            for (RawField field : header.all(name)) {
                try {
                    boolean isResults = name.equals(ArcSet.RESULTS);
                    int instance =
                            isResults
                                    ? ArcSet.instanceOfResults(field)
                                    : ArcSet.instanceOfTags(field);
                    Slot slot = slots.computeIfAbsent(instance, _ -> new Slot());
                    if (isResults) {
                        slot.results.add(field);
                    } else {
                        (name.equals(ArcSet.MESSAGE) ? slot.messages : slot.seals).add(field);
                    }
                } catch (SyntaxException e) {
                    problem = "a field without a good instance: " + e.getMessage();
                }
            }
        }
        return Optional.ofNullable(problem);
    }

    private static boolean saysFail(RawField seal) {
        try {
            return ArcSet.cv(seal).equals(ArcState.FAIL.text());
        } catch (SyntaxException e) {
            return false;
        }
    }

    private static ArcChain read(Map<Integer, Slot> slots, int highest) {
        List<ArcSet> sets = new ArrayList<>();
        for (int instance = 1; instance <= highest; instance++) {
            Slot slot = slots.get(instance);
            if (slot == null || !slot.isWhole()) {
                return broken("set " + instance + " is not whole", highest, false);
            }
            try {
                sets.add(
                        ArcSet.of(
                                instance,
                                slot.results.getFirst(),
                                slot.messages.getFirst(),
                                slot.seals.getFirst()));
            } catch (SyntaxException e) {
                return broken("set " + instance + ": " + e.getMessage(), highest, false);
            }
            String cv = (instance == 1 ? ArcState.NONE : ArcState.PASS).text();
            if (!sets.getLast().cv().equals(cv)) {
                return broken("set " + instance + " has not cv=" + cv, highest, false);
            }
        }
        return new ArcChain(List.copyOf(sets), Optional.empty(), highest, false);
    }
}
