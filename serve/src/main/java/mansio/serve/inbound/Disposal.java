package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Recipient;
import mansio.state.store.AccountId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
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
 * @param leftOut why it is not forwarded to whom it was to be, a line each
 * @param asked the reflector that is to answer, if so
 */
record Disposal(
        List<Recipient> recipients,
        List<Optional<Refusal>> refused,
        List<String> reasons,
        List<String> leftOut,
        Optional<Address> asked) {

    static Disposal of(Transaction transaction, List<Verdict> verdicts, Onward onward)
            throws IOException {
        boolean allRefused = verdicts.stream().allMatch(Verdict.Refuse.class::isInstance);
        boolean perRecipient = transaction.origin() instanceof Origin.Lmtp;
        List<Optional<Refusal>> refused = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        Plan plan = new Plan(transaction, onward);
        for (int i = 0; i < verdicts.size(); i++) {
            RoutedRecipient to = transaction.recipients().get(i);
            Optional<Refusal> refusal =
                    verdicts.get(i) instanceof Verdict.Refuse(Refusal why)
                            ? Optional.of(why)
                            : Optional.empty();
            refused.add(refusal);
            if (refusal.isPresent() && (allRefused || perRecipient)) continue;
            Optional<String> doubt =
                    verdicts.get(i).unsaid() instanceof Verdict.Quarantine(String reason)
                            ? Optional.of(reason)
                            : Optional.empty();
            doubt.ifPresent(it -> reasons.add(to.forwardPath() + ": " + it));
            plan.add(to, doubt);
        }
        return new Disposal(
                List.copyOf(plan.recipients),
                List.copyOf(refused),
                List.copyOf(reasons),
                List.copyOf(plan.leftOut),
                Optional.ofNullable(plan.asked));
    }

    /** The reason to give when nobody gets it. */
    Refusal firstRefusal() {
        return refused.stream().flatMap(Optional::stream).findFirst().orElseThrow();
    }

    /** The recipients so far. */
    private static final class Plan {
        private final Transaction transaction;
        private final Onward onward;
        private final List<Recipient> recipients = new ArrayList<>();
        private final List<String> leftOut = new ArrayList<>();
        private final Set<AccountId> served = new HashSet<>();
        private final Set<Address> forwarded = new HashSet<>();

        /** Null until a reflector is met that is to answer. */
        private @Nullable Address asked;

        Plan(Transaction transaction, Onward onward) {
            this.transaction = transaction;
            this.onward = onward;
        }

        void add(RoutedRecipient to, Optional<String> doubt) throws IOException {
            switch (to.route()) {
                case Route.Ours(List<Route.Target> targets, List<Route.Forward> forwards) -> {
                    Placing placing = doubt.isPresent() ? Placing.JUNK : Placing.INBOX;
                    targets.forEach(target -> deliver(to, target, placing));
                    for (Route.Forward forward : forwards) {
                        if (doubt.isPresent()) {
                            keep(to, forward, targets.isEmpty());
                        } else {
                            forward(to, forward);
                        }
                    }
                }
                case Route.Remote remote -> {
                    if (forwarded.add(to.forwardPath())) {
                        recipients.add(
                                Recipient.fresh(
                                        to.forwardPath(),
                                        onward.relay(transaction, remote),
                                        to.wish()));
                    }
                }
                case Route.Reflector _ -> {
                    // A refusal that others' acceptance made unsayable stays one here.
                    if (doubt.isEmpty() && asked == null) asked = to.forwardPath();
                }
                case Route.NoSuchUser _ ->
                        throw new IllegalStateException("no such user: " + to.forwardPath());
            }
        }

        private void deliver(RoutedRecipient to, Route.Target target, Placing placing) {
            if (served.add(target.account())) {
                Optional<String> detail =
                        Optional.of(target.detail()).filter(text -> !text.isEmpty());
                recipients.add(
                        Recipient.fresh(
                                to.forwardPath(),
                                new Action.Deliver(target.account(), detail, placing),
                                to.wish()));
            }
        }

        private void forward(RoutedRecipient to, Route.Forward forward) throws IOException {
            Optional<String> objection = onward.objection(transaction, forward);
            if (objection.isPresent()) {
                leftOut.add(
                        to.forwardPath()
                                + ": not forwarded to "
                                + forward.to()
                                + ", because "
                                + objection.get());
            } else if (forwarded.add(forward.to())) {
                recipients.add(
                        Recipient.fresh(
                                to.forwardPath(), onward.forward(transaction, forward), to.wish()));
            }
        }

        /** Junk is never forwarded; where no account here has it, the domain's admin keeps it. */
        private void keep(RoutedRecipient to, Route.Forward forward, boolean nobodyElse)
                throws IOException {
            leftOut.add(
                    to.forwardPath()
                            + ": not forwarded to "
                            + forward.to()
                            + ", because it is in quarantine"
                            + (nobodyElse ? "; the domain's admin keeps it in Junk" : ""));
            AccountId keeper = onward.keeper(forward);
            if (nobodyElse && served.add(keeper)) {
                recipients.add(
                        Recipient.fresh(
                                to.forwardPath(),
                                new Action.Deliver(keeper, Optional.empty(), Placing.JUNK),
                                to.wish()));
            }
        }
    }
}
