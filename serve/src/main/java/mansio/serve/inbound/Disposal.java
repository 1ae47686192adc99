package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Recipient;
import mansio.state.store.AccountId;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verdicts turned into queue recipients: each account once, however many of its addresses were
 * named, and each address elsewhere once.
 *
 * @param recipients for the queue; empty when all were refused
 * @param refused for each recipient of the transaction, in its order
 * @param reasons why it was quarantined, if so, one line for each such recipient
 */
record Disposal(List<Recipient> recipients, List<Optional<Refusal>> refused, List<String> reasons) {

    static Disposal of(Transaction transaction, List<Verdict> verdicts) {
        boolean allRefused = verdicts.stream().allMatch(Verdict.Refuse.class::isInstance);
        boolean perRecipient = transaction.origin() instanceof Origin.Lmtp;
        List<Recipient> recipients = new ArrayList<>();
        List<Optional<Refusal>> refused = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        Served served = new Served(new HashSet<>(), new HashSet<>());
        for (int i = 0; i < verdicts.size(); i++) {
            RoutedRecipient to = transaction.recipients().get(i);
            Optional<Refusal> refusal =
                    verdicts.get(i) instanceof Verdict.Refuse(Refusal why)
                            ? Optional.of(why)
                            : Optional.empty();
            refused.add(refusal);
            if (refusal.isPresent() && (allRefused || perRecipient)) continue;
            Optional<String> doubt = doubt(verdicts.get(i));
            doubt.ifPresent(reason -> reasons.add(to.forwardPath() + ": " + reason));
            addAll(recipients, served, to, doubt.isPresent() ? Placing.JUNK : Placing.INBOX);
        }
        return new Disposal(List.copyOf(recipients), List.copyOf(refused), List.copyOf(reasons));
    }

    /** Who has been named. */
    private record Served(Set<AccountId> accounts, Set<Address> remotes) {}

    /** The reason to give when nobody gets it. */
    Refusal firstRefusal() {
        return refused.stream().flatMap(Optional::stream).findFirst().orElseThrow();
    }

    /**
     * A refusal that cannot be said in the session any more, because others accept, becomes
     * quarantine.
     */
    private static Optional<String> doubt(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept _ -> Optional.empty();
            case Verdict.Quarantine(String reason) -> Optional.of(reason);
            case Verdict.Refuse(Refusal refusal) -> Optional.of(refusal.text());
        };
    }

    private static void addAll(
            List<Recipient> recipients, Served served, RoutedRecipient to, Placing placing) {
        switch (to.route()) {
            case Route.Local(List<Route.Target> targets) -> {
                for (Route.Target target : targets) {
                    if (!served.accounts.add(target.account())) continue;
                    Optional<String> detail =
                            Optional.of(target.detail()).filter(text -> !text.isEmpty());
                    recipients.add(
                            Recipient.fresh(
                                    to.forwardPath(),
                                    new Action.Deliver(target.account(), detail, placing),
                                    to.wish()));
                }
            }
            case Route.Remote _ -> {
                if (served.remotes.add(to.forwardPath()))
                    recipients.add(
                            Recipient.fresh(to.forwardPath(), new Action.Relay(), to.wish()));
            }
            case Route.NoSuchUser _ ->
                    throw new IllegalStateException("no such user: " + to.forwardPath());
        }
    }
}
