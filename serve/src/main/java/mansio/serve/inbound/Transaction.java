package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.net.listen.TlsFacts;
import mansio.state.directory.Route;
import mansio.state.queue.Envelope;
import mansio.state.queue.ReportWish;

import java.util.List;
import java.util.Optional;

/**
 * A mail transaction whose recipients were all accepted: what DATA begins with.
 *
 * @param recipients in the order of their RCPT commands; at least one
 * @param tls of the connection, for the Received field
 */
public record Transaction(
        Envelope envelope,
        Origin origin,
        List<RoutedRecipient> recipients,
        Optional<TlsFacts> tls) {
    public Transaction {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) throw new IllegalArgumentException("no recipients");
    }

    /**
     * A recipient and where the directory sends it.
     *
     * @param route {@link Route.Ours}, {@link Route.Remote} or {@link Route.Reflector}; others were
     *     refused at RCPT
     * @param wish what the sender asked to be told of it
     */
    public record RoutedRecipient(Address forwardPath, Route route, ReportWish wish) {
        /** A recipient about whom nothing was asked. */
        public RoutedRecipient(Address forwardPath, Route route) {
            this(forwardPath, route, ReportWish.NONE);
        }

        public RoutedRecipient {
            if (route instanceof Route.NoSuchUser)
                throw new IllegalArgumentException("no such user: " + forwardPath);
        }
    }
}
