package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Directory;
import mansio.state.directory.ReturnPaths;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.Optional;

/**
 * Chooses the reverse-path of what leaves. Own senders of own mail keep theirs, signed if that is
 * wanted; of all others we take the bounces ourselves, since their SPF does not name us.
 *
 * @param authenticated true when it is known who sent the message
 */
record SignedOnward(
        Directory directory, ReturnPaths paths, Forwarding settings, boolean authenticated)
        implements Onward {
    @Override
    public Optional<String> objection(Transaction transaction, Route.Forward forward) {
        return forward.reason() == Route.Reason.RETURN
                ? Optional.empty()
                : settings.objection(transaction.origin(), authenticated);
    }

    @Override
    public Action forward(Transaction transaction, Route.Forward forward) throws IOException {
        Optional<Address> sender = transaction.envelope().reversePath();
        if (sender.isEmpty()) {
            return new Action.Forward(forward.to(), sender);
        }
        Address path =
                isOwn(transaction.origin(), sender.get())
                        ? own(sender.get())
                        : paths.forwarded(sender.get(), forward.by());
        return new Action.Forward(forward.to(), Optional.of(path));
    }

    @Override
    public Action relay(Transaction transaction, Route.Remote remote) throws IOException {
        Optional<Address> sender = transaction.envelope().reversePath();
        return settings.signsSenders()
                        && sender.isPresent()
                        && isOwn(transaction.origin(), sender.get())
                ? new Action.Forward(remote.forwardPath(), Optional.of(own(sender.get())))
                : new Action.Relay();
    }

    @Override
    public AccountId keeper(Route.Forward forward) throws IOException {
        return directory.postmaster(forward.by());
    }

    private Address own(Address sender) throws IOException {
        return settings.signsSenders() ? paths.tagged(sender) : sender;
    }

    private boolean isOwn(Origin origin, Address sender) throws IOException {
        Optional<Domain> domain = sender.domain();
        return switch (origin) {
            case Origin.Submission _, Origin.TrustedNetwork _, Origin.LocalUser _ ->
                    domain.isPresent() && directory.isLocal(domain.get());
            case Origin.Outside _, Origin.Lmtp _ -> false;
        };
    }
}
