package mansio.serve.inbound;

import mansio.state.store.AccountId;

import java.util.Optional;

/** By what right a message comes in. */
public sealed interface Origin {
    /** True for mail of our own: it is completed, and its addresses are rewritten by rules. */
    default boolean isOwn() {
        return switch (this) {
            case Submission _, TrustedNetwork _, LocalUser _ -> true;
            case Outside _, Lmtp _ -> false;
        };
    }

    /** From another server, on port 25. */
    record Outside() implements Origin {}

    /** From a network whose hosts may send through us without log-in. */
    record TrustedNetwork() implements Origin {}

    /** From a program beside us that hands over mail for our own recipients (RFC 2033). */
    record Lmtp() implements Origin {}

    /**
     * From somebody who logged in.
     *
     * @param anySender true when the account may write any address into From and Sender
     */
    record Submission(AccountId account, boolean anySender) implements Origin {}

    /**
     * From a program on this machine.
     *
     * @param user the name of who runs it, as the system knows it
     * @param uid the system's number of that user
     * @param note what was changed about the envelope and why; empty when nothing was
     */
    record LocalUser(String user, int uid, Optional<String> note) implements Origin {}
}
