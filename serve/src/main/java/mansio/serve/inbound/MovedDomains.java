package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;
import mansio.state.directory.StoredDirectory;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope.Right;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Fate;
import mansio.state.queue.Homecoming;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mail that waits while its domain becomes ours, or ceases to be. It was judged when it came, and
 * is not judged again: only where it goes is looked up anew, with aliases, forwarding and quota as
 * for mail that comes in now. Safe for use by any thread.
 */
public final class MovedDomains implements Homecoming {
    /** A domain is added before its accounts; for so long nobody is told that one is missing. */
    private static final Duration ACCOUNTS_FOLLOW = Duration.ofDays(1);

    private final Places places;
    private final Forwarding forwarding;
    private final Time time;

    /** What it asks. */
    public record Places(StoredDirectory directory, QuotaCheck quota) {}

    public MovedDomains(Places places, Forwarding forwarding, Time time) {
        this.places = places;
        this.forwarding = forwarding;
        this.time = time;
    }

    @Override
    public boolean isOurs(Domain domain) throws IOException {
        return places.directory().isLocal(domain);
    }

    @Override
    public List<Result> arrive(Dispatch dispatch) throws IOException {
        List<Result> results = new ArrayList<>();
        int named = 0;
        for (int place = 0; place < dispatch.recipients().size(); place++) {
            Result result = arrive(dispatch.entry(), dispatch.recipient(place));
            if (result instanceof Result.GoesOn(var recipients, var _)) {
                boolean fits = named + recipients.size() <= QueueEntry.MAX_RECIPIENTS;
                if (fits) named += recipients.size();
                else result = later("4.5.3", "too many are behind its recipients for one message");
            }
            results.add(result);
        }
        return results;
    }

    private Result arrive(QueueEntry entry, Recipient recipient) throws IOException {
        Address to = recipient.destination();
        Route route = places.directory().route(to);
        return switch (route) {
            case Route.Ours ours -> arrive(entry, recipient, ours);
            case Route.NoSuchUser _, Route.Reflector _ -> nobody(to);
            case Route.Remote _ -> throw new IOException(to.host().text() + " is not ours now");
        };
    }

    /** Whoever adds a domain adds its accounts next. */
    private Result nobody(Address to) throws IOException {
        String domain = to.host().text();
        Optional<Instant> since = places.directory().oursSince(to.domain().orElseThrow());
        boolean isNew =
                since.filter(it -> it.plus(ACCOUNTS_FOLLOW).isAfter(time.now())).isPresent();
        return isNew
                ? later("4.1.1", domain + " is ours since today, and nobody there has it yet")
                : failed("5.1.1", domain + " is ours now, and nobody there has it");
    }

    private Result arrive(QueueEntry entry, Recipient recipient, Route.Ours ours)
            throws IOException {
        if (ours.forwards().isEmpty() && !anyHasRoom(ours.targets(), entry.content().length())) {
            return later("4.2.2", "the mailbox is full");
        }
        RoutedRecipient routed =
                new RoutedRecipient(recipient.forwardPath(), ours, recipient.wish());
        Disposal disposal =
                Disposal.of(transaction(entry, routed), List.of(new Verdict.Accept()), onward());
        if (disposal.recipients().isEmpty()) {
            return failed("5.7.1", String.join("; ", disposal.leftOut()));
        }
        String domain = recipient.destination().host().text();
        return new Result.GoesOn(disposal.recipients(), domain + " is a domain of ours now");
    }

    /**
     * Where mail goes that waits for an account here which is gone together with its domain.
     *
     * @return empty when the domain is ours still, and for Junk: that is never sent on
     */
    Optional<Recipient> leaving(QueueEntry entry, Recipient recipient) throws IOException {
        Optional<Domain> domain = recipient.forwardPath().domain();
        boolean junk =
                recipient.action() instanceof Action.Deliver(var _, var _, Action.Placing placing)
                        && placing == Action.Placing.JUNK;
        if (junk || domain.isEmpty() || places.directory().isLocal(domain.get())) {
            return Optional.empty();
        }
        return away(entry, recipient.forwardPath())
                .map(it -> Recipient.fresh(recipient.forwardPath(), it, recipient.wish()));
    }

    /** Bounces of strangers' mail come back to us, as those of all that we forward. */
    private Optional<Action> away(QueueEntry entry, Address to) throws IOException {
        Route.Remote remote = new Route.Remote(to);
        RoutedRecipient routed = new RoutedRecipient(to, remote);
        if (isOwn(entry)) return Optional.of(onward().relay(transaction(entry, routed), remote));
        List<Domain> ours = places.directory().domains();
        if (ours.isEmpty()) return Optional.empty();
        Route.Forward forward = new Route.Forward(to, ours.getFirst(), Route.Reason.ALIAS);
        return Optional.of(onward().forward(transaction(entry, routed), forward));
    }

    private static Transaction transaction(QueueEntry entry, RoutedRecipient to) {
        Origin origin = isOwn(entry) ? new Origin.TrustedNetwork() : new Origin.Outside();
        return new Transaction(entry.envelope(), origin, List.of(to), Optional.empty());
    }

    private static boolean isOwn(QueueEntry entry) {
        return entry.envelope().source().right() == Right.OWN;
    }

    /** What was to leave was found worthy of it when it came. */
    private SignedOnward onward() {
        return new SignedOnward(
                places.directory(), places.directory().returnPaths(), forwarding, true);
    }

    private boolean anyHasRoom(List<Route.Target> targets, long bytes) throws IOException {
        for (Route.Target target : targets) {
            if (places.quota().hasRoom(target.account(), bytes)) {
                return true;
            }
        }
        return false;
    }

    private Result failed(String status, String sentence) {
        return new Result.Ended(
                new Fate.Failed(Failure.here(Stage.ROUTE, status, sentence, time.now())));
    }

    private Result later(String status, String sentence) {
        return new Result.Deferred(Failure.here(Stage.LOCAL, status, sentence, time.now()));
    }
}
