package mansio.serve.imapserver;

import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode.BadCharset;
import mansio.codec.imap.ResponseCode.Plain;
import mansio.codec.imap.SearchParser;
import mansio.state.mailbox.MailboxChange;
import mansio.state.mailbox.Placed;

/** Every reply that is always the same, with its response code: RFC 9051 section 7.1, RFC 5530. */
final class Replies {
    static final Reply COMPLETED = Reply.ok("Completed");
    static final Reply TLS_BEGIN = Reply.ok("Begin TLS negotiation now");
    static final Reply TLS_ALREADY = Reply.bad("TLS is active already");
    static final Reply TLS_NOT_AVAILABLE = Reply.no(Plain.CANNOT, "TLS is not available here");
    static final Reply UNKNOWN_COMMAND = Reply.bad("Unknown command");
    static final Reply LOG_IN_FIRST = Reply.bad("Log in first");
    static final Reply LOGGED_IN_ALREADY = Reply.bad("Logged in already");
    static final Reply SELECT_FIRST = Reply.bad("No mailbox is selected");
    static final Reply ENABLE_BEFORE_SELECT =
            Reply.bad(Plain.CLIENTBUG, "ENABLE comes before SELECT");
    static final Reply ENABLE_QRESYNC_FIRST = Reply.bad(Plain.CLIENTBUG, "ENABLE QRESYNC first");
    static final Reply LINE_TOO_LONG = Reply.bad(Plain.LIMIT, "Command line too long");
    static final Reply TRY_LATER =
            Reply.no(Plain.UNAVAILABLE, "Cannot tell now, please try again later");
    static final Reply DISK_FULL = Reply.no(Plain.UNAVAILABLE, "No room on disk, try again later");

    static final Reply NEED_TLS = Reply.no(Plain.PRIVACYREQUIRED, "Begin TLS before logging in");
    static final Reply BAD_CREDENTIALS =
            Reply.no(Plain.AUTHENTICATIONFAILED, "User name or password is wrong");
    static final Reply NOT_YOURS =
            Reply.no(Plain.AUTHORIZATIONFAILED, "You may not act as somebody else");
    static final Reply TOO_MANY_LOGINS =
            Reply.no(Plain.UNAVAILABLE, "Too many failed log-ins, try again later");
    static final Reply TOO_MANY_SESSIONS =
            Reply.no(Plain.LIMIT, "Too many connections of this account");
    static final Reply UNKNOWN_MECHANISM = Reply.no(Plain.CANNOT, "Unknown SASL mechanism");
    static final Reply AUTH_CANCELLED = Reply.bad("Authentication cancelled");
    static final Reply AUTH_MALFORMED = Reply.bad("Malformed SASL response");
    static final Reply CHANNEL_BINDING_FAILED =
            Reply.no(Plain.AUTHENTICATIONFAILED, "Channel binding failed");

    static final Reply NO_SUCH_MAILBOX = Reply.no(Plain.NONEXISTENT, "No such mailbox");
    static final Reply TRY_CREATE = Reply.no(Plain.TRYCREATE, "No such mailbox");
    static final Reply BAD_NAME = Reply.no(Plain.CANNOT, "No mailbox can have this name");
    static final Reply BAD_USE = Reply.no(Plain.USEATTR, "This special use cannot be given");
    static final Reply TOO_MANY_NAMES = Reply.no(Plain.LIMIT, "Too many subscriptions");
    static final Reply READ_ONLY = Reply.no(Plain.NOPERM, "The mailbox is selected read-only");
    static final Reply NO_SUCH_MESSAGE = Reply.bad(Plain.CLIENTBUG, "No message has this number");
    static final Reply EXPUNGE_ISSUED =
            Reply.no(Plain.EXPUNGEISSUED, "Some of the messages are gone");
    static final Reply MESSAGE_TOO_BIG = Reply.no(Plain.TOOBIG, "Message too big");
    static final Reply OVER_QUOTA = Reply.no(Plain.OVERQUOTA, "Over quota");
    static final Reply TOO_MANY_MESSAGES = Reply.no(Plain.LIMIT, "Too many messages");
    static final Reply TOO_MUCH_AT_ONCE =
            Reply.no(Plain.LIMIT, "Too many messages at once, send fewer");
    static final Reply TOO_MANY_KEYWORDS = Reply.no(Plain.LIMIT, "Too many keywords");
    static final Reply NUL_IN_LITERAL =
            Reply.bad("A message with NUL needs a literal8, RFC 3516 section 4.4");
    static final Reply UNKNOWN_CTE =
            Reply.no(Plain.UNKNOWN_CTE, "Unknown Content-Transfer-Encoding");
    static final Reply NOTHING_COPIED = Reply.ok("No messages matched");
    static final Reply CHARSET_AFTER_UTF8 =
            Reply.bad("No CHARSET after ENABLE UTF8=ACCEPT: RFC 6855 section 3");
    static final Reply BAD_CHARSET =
            Reply.no(new BadCharset(SearchParser.CHARSETS), "Unknown charset");
    static final Reply IDLE_ENDED = Reply.ok("Idle terminated");
    static final Reply DONE_EXPECTED = Reply.bad("DONE expected");

    private Replies() {}

    static Reply of(MailboxChange.Reason reason) {
        return switch (reason) {
            case ALREADY_EXISTS -> Reply.no(Plain.ALREADYEXISTS, "The mailbox exists already");
            case NONEXISTENT -> NO_SUCH_MAILBOX;
            case CANNOT -> Reply.no(Plain.CANNOT, "Not possible with this mailbox");
            case HAS_CHILDREN -> Reply.no(Plain.HASCHILDREN, "Mailboxes below it go first");
            case USE_TAKEN -> Reply.no(Plain.USEATTR, "Another mailbox has this special use");
            case TOO_MANY -> Reply.no(Plain.LIMIT, "Too many mailboxes");
        };
    }

    static Reply of(Placed.Reason reason) {
        return switch (reason) {
            case NO_MAILBOX -> TRY_CREATE;
            case OVER_QUOTA -> OVER_QUOTA;
            case TOO_MANY -> TOO_MANY_MESSAGES;
        };
    }
}
