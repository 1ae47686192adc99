package mansio.state.queue;

import mansio.state.queue.Passage.Result;
import mansio.state.store.AccountId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The recipients that go on as another message, because their domain became ours or ceased to be.
 *
 * @param onward what is to be done instead, by the number of the recipient
 */
record GoingOn(Map<Integer, List<Recipient>> onward) {
    /** None does. */
    static final GoingOn NOBODY = new GoingOn(Map.of());

    static GoingOn of(Attempt attempt) {
        Map<Integer, List<Recipient>> onward = new LinkedHashMap<>();
        for (int place = 0; place < attempt.results().size(); place++) {
            if (attempt.results().get(place) instanceof Result.GoesOn(var recipients, var _))
                onward.put(attempt.dispatch().recipients().get(place), recipients);
        }
        return onward.isEmpty() ? NOBODY : new GoingOn(onward);
    }

    /**
     * The message that goes on: the same content, for those whose step says so. An account or an
     * address that the message before has, or had, is not named again.
     *
     * @param before the message before its step
     * @param now and after it
     * @param id makes the id
     * @return empty when nobody goes on, or all have it already
     */
    Optional<QueueEntry> entry(
            QueueEntry before, QueueEntry now, Supplier<QueueId> id, Instant at) {
        Set<Object> served = new HashSet<>();
        List<List<Recipient>> going = new ArrayList<>();
        for (int i = 0; i < now.recipients().size(); i++) {
            Recipient was = before.recipients().get(i);
            Recipient is = now.recipients().get(i);
            if (!wentOn(is)) served.add(target(is));
            else if (!wentOn(was)) going.add(onward.getOrDefault(i, List.of()));
        }
        List<Recipient> recipients =
                going.stream().flatMap(List::stream).filter(it -> served.add(target(it))).toList();
        return recipients.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new QueueEntry(
                                id.get(),
                                at,
                                before.envelope(),
                                before.content(),
                                before.messageId(),
                                recipients));
    }

    /** Why somebody went on; empty when nobody did. */
    static Optional<String> why(Progress progress) {
        return progress instanceof Progress.Done(Fate.WentOn(String why))
                ? Optional.of(why)
                : Optional.empty();
    }

    private static boolean wentOn(Recipient recipient) {
        return why(recipient.progress()).isPresent();
    }

    /** An account here, or an address elsewhere. */
    private static Object target(Recipient recipient) {
        return recipient.action() instanceof Action.Deliver(AccountId account, var _, var _)
                ? account
                : recipient.destination();
    }
}
