package mansio.serve.imapserver;

import mansio.state.directory.Account;
import mansio.state.mailbox.MailAccount;

/** RFC 9051 section 3: where a session stands. */
sealed interface State {
    record NotAuthenticated() implements State {}

    /** A state in which it is known whose mail it is. */
    sealed interface LoggedIn extends State {
        Owner owner();
    }

    record Authenticated(Owner owner) implements LoggedIn {}

    record Selected(Owner owner, SelectedMailbox mailbox) implements LoggedIn {}

    record Logout() implements State {}

    /** Who has logged in, and the mail. */
    record Owner(Account account, MailAccount mail) {}
}
