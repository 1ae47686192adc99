package mansio.serve.inbound;

import mansio.state.store.AccountId;

/** By what right a message comes in. */
public sealed interface Origin {
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
}
