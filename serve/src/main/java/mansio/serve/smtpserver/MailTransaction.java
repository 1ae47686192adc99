package mansio.serve.smtpserver;

import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;
import mansio.state.queue.QueueEntry;
import mansio.state.store.AccountId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A mail transaction from MAIL to its end: RFC 5321 section 3.3. Owned by the session's thread. */
final class MailTransaction {
    private final Optional<Address> reversePath;
    private final MailParameters parameters;
    private final List<RoutedRecipient> recipients = new ArrayList<>(1);
    private final Set<AccountId> accounts = new HashSet<>();
    private int remotes;
    private boolean recipientsTried;
    private boolean refusedForNow;

    /** Absent until DATA or the first BDAT was accepted. */
    private @Nullable IncomingMessage message;

    /** Absent while all chunks were taken. */
    private @Nullable Reply chunkFailure;

    MailTransaction(Optional<Address> reversePath, MailParameters parameters) {
        this.reversePath = reversePath;
        this.parameters = parameters;
    }

    Optional<Address> reversePath() {
        return reversePath;
    }

    MailParameters parameters() {
        return parameters;
    }

    List<RoutedRecipient> recipients() {
        return recipients;
    }

    /**
     * Adds a recipient, unless the message would then have more than {@link
     * QueueEntry#MAX_RECIPIENTS}, each account and foreign address behind an alias counted: the
     * queue takes no more. The first always fits.
     */
    boolean add(RoutedRecipient recipient) {
        List<AccountId> more = List.of();
        int moreRemotes = 0;
        switch (recipient.route()) {
            case Route.Ours(List<Route.Target> targets, List<Route.Forward> forwards) -> {
                more =
                        targets.stream()
                                .map(Route.Target::account)
                                .filter(it -> !accounts.contains(it))
                                .toList();
                moreRemotes = forwards.size();
            }
            case Route.Remote _ -> moreRemotes = 1;
            case Route.NoSuchUser _, Route.Reflector _ -> {}
        }
        int all = accounts.size() + more.size() + remotes + moreRemotes;
        if (all > QueueEntry.MAX_RECIPIENTS) {
            return false;
        }
        accounts.addAll(more);
        remotes += moreRemotes;
        recipients.add(recipient);
        return true;
    }

    /** True after the first RCPT, even if it was refused. */
    boolean recipientsTried() {
        return recipientsTried;
    }

    void recipientTried() {
        recipientsTried = true;
    }

    /** True when a recipient was refused who may be accepted later. */
    boolean refusedForNow() {
        return refusedForNow;
    }

    void refuseForNow() {
        refusedForNow = true;
    }

    Optional<IncomingMessage> message() {
        return Optional.ofNullable(message);
    }

    void begin(IncomingMessage begun) {
        message = begun;
    }

    /**
     * Why a chunk was refused, which is said of all that follow: RFC 3030 section 2 lets only RSET
     * help, and a client that sends ahead takes the reply to the last chunk for the message's.
     */
    Optional<Reply> chunkFailure() {
        return Optional.ofNullable(chunkFailure);
    }

    void failChunk(Reply reply) {
        chunkFailure = reply;
    }

    /** Throws away what was not accepted. */
    void abandon() {
        if (message != null) {
            message.close();
        }
    }
}
