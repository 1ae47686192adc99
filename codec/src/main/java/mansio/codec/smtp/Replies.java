package mansio.codec.smtp;

/**
 * All replies of our server that are always the same. Codes: RFC 5321 section 4.2.3 and the
 * extensions; enhanced status: RFC 3463, RFC 4954 section 6, RFC 5248.
 */
public final class Replies {
    public static final Reply OK = new Reply(250, "2.0.0", "Ok");
    public static final Reply BYE = new Reply(221, "2.0.0", "Bye");
    public static final Reply SENDER_OK = new Reply(250, "2.1.0", "Sender ok");
    public static final Reply RECIPIENT_OK = new Reply(250, "2.1.5", "Recipient ok");
    public static final Reply CHUNK_OK = new Reply(250, "2.0.0", "Chunk ok");
    public static final Reply START_DATA =
            new Reply(354, "", "Send the message, end with a dot on a line by itself");
    public static final Reply READY_FOR_TLS = new Reply(220, "2.0.0", "Ready to start TLS");
    public static final Reply AUTHENTICATED = new Reply(235, "2.7.0", "Authentication successful");
    public static final Reply CANNOT_VERIFY =
            new Reply(252, "2.5.0", "Send the mail and see; addresses are checked at RCPT");
    public static final Reply HELP =
            new Reply(214, "2.0.0", "See RFC 5321; this is the Mansio mail server");

    // What the peer got wrong.
    public static final Reply UNKNOWN_COMMAND = new Reply(500, "5.5.1", "Unknown command");
    public static final Reply LINE_TOO_LONG = new Reply(500, "5.5.6", "Line too long");
    public static final Reply BARE_LINE_FEED_IN_COMMAND =
            new Reply(500, "5.5.2", "Lines end with CR LF");
    public static final Reply NOT_HERE = new Reply(502, "5.5.1", "Not available here");
    public static final Reply EXPN_NOT_AVAILABLE =
            new Reply(502, "5.7.2", "Lists are not expanded");
    public static final Reply NEED_EHLO = new Reply(503, "5.5.1", "Say EHLO first");
    public static final Reply NEED_LHLO = new Reply(503, "5.5.1", "Say LHLO first");
    public static final Reply USE_LHLO = new Reply(500, "5.5.1", "This is LMTP: say LHLO");
    public static final Reply NEED_MAIL = new Reply(503, "5.5.1", "Say MAIL first");
    public static final Reply NEED_RCPT = new Reply(503, "5.5.1", "Say RCPT first");
    public static final Reply NO_VALID_RECIPIENTS = new Reply(554, "5.5.1", "No valid recipients");
    public static final Reply NESTED_MAIL =
            new Reply(503, "5.5.1", "A mail transaction is open already");
    public static final Reply MIXED_DATA_AND_BDAT =
            new Reply(503, "5.5.1", "DATA and BDAT cannot be mixed");
    public static final Reply DATA_FOLLOWS_TOO_EARLY =
            new Reply(503, "5.5.1", "Wait for the reply before sending more");
    public static final Reply TLS_ALREADY = new Reply(503, "5.5.1", "TLS is active already");
    public static final Reply TLS_NOT_AVAILABLE =
            new Reply(454, "4.7.0", "TLS is not available now");
    public static final Reply AUTHENTICATED_ALREADY =
            new Reply(503, "5.5.1", "Authenticated already");
    public static final Reply AUTH_IN_TRANSACTION =
            new Reply(503, "5.5.1", "Not during a mail transaction");
    public static final Reply UNSUPPORTED_PARAMETER =
            new Reply(555, "5.5.4", "Parameter not supported");
    public static final Reply NON_ASCII_SENDER =
            new Reply(553, "5.6.7", "A non-ASCII sender needs SMTPUTF8");
    public static final Reply NON_ASCII_RECIPIENT =
            new Reply(553, "5.6.7", "A non-ASCII recipient needs SMTPUTF8");
    public static final Reply BARE_LINE_BREAK =
            new Reply(550, "5.5.2", "The message has a CR or LF that is not part of a CRLF");
    public static final Reply BAD_BASE64 = new Reply(501, "5.5.2", "Expected base64");

    // Who may do what.
    public static final Reply NO_SUCH_USER = new Reply(550, "5.1.1", "No such user here");
    public static final Reply NOT_FORWARDED =
            new Reply(
                    550,
                    "5.7.1",
                    "This address is forwarded elsewhere, and mail from other servers is not"
                            + " forwarded here");
    public static final Reply NOT_OUR_BOUNCE =
            new Reply(
                    550,
                    "5.7.1",
                    "All mail of this address leaves with a signed sender (BATV): what is returned"
                            + " to it unsigned is not mail of ours");
    public static final Reply TOO_MANY_RETURNS =
            new Reply(450, "4.7.1", "Too many returned messages for this sender, try again later");
    public static final Reply RELAY_DENIED = new Reply(554, "5.7.1", "Relaying denied");
    public static final Reply NOT_LOCAL =
            new Reply(550, "5.1.2", "LMTP takes only recipients of this server");
    public static final Reply NEED_TLS = new Reply(530, "5.7.0", "Say STARTTLS first");
    public static final Reply NEED_TLS_FOR_MECHANISM =
            new Reply(538, "5.7.11", "This mechanism needs TLS");
    public static final Reply NEED_AUTH = new Reply(530, "5.7.0", "Authentication required");
    public static final Reply UNKNOWN_MECHANISM =
            new Reply(504, "5.5.4", "Mechanism not supported");
    public static final Reply AUTH_CANCELLED = new Reply(501, "5.7.0", "Authentication cancelled");
    public static final Reply AUTH_MALFORMED =
            new Reply(501, "5.5.2", "The response breaks the mechanism's grammar");
    public static final Reply AUTH_TOO_LONG =
            new Reply(500, "5.5.6", "Authentication exchange line is too long");
    public static final Reply BAD_CREDENTIALS =
            new Reply(535, "5.7.8", "User name or password is wrong");
    public static final Reply CHANNEL_BINDING_FAILED =
            new Reply(535, "5.7.8", "The channel bindings do not match");
    public static final Reply AUTH_LATER =
            new Reply(454, "4.7.0", "Authentication is not possible now, try again later");
    public static final Reply TOO_MANY_LOGINS =
            new Reply(454, "4.7.0", "Too many failed log-ins, try again later");
    public static final Reply SENDER_NOT_OWNED =
            new Reply(550, "5.7.1", "This account may not send from that address");

    // Limits.
    public static final Reply TOO_LARGE =
            new Reply(552, "5.3.4", "The message is larger than this server accepts");
    public static final Reply TOO_MANY_HOPS =
            new Reply(554, "5.4.6", "Too many Received fields: a mail loop");
    public static final Reply TOO_MANY_RECIPIENTS =
            new Reply(452, "4.5.3", "Too many recipients, send again for the rest");
    public static final Reply TOO_MANY_MESSAGES =
            new Reply(421, "4.7.0", "Too many messages in this session");
    public static final Reply TOO_MANY_ERRORS = new Reply(421, "4.7.0", "Too many errors");
    public static final Reply TOO_MUCH_TALK =
            new Reply(421, "4.7.0", "Too many commands without a message");
    public static final Reply TOO_MANY_CONNECTIONS =
            new Reply(421, "4.7.0", "Too many connections from your network");
    public static final Reply MAILBOX_FULL = new Reply(452, "4.2.2", "The mailbox is full");

    // Our troubles.
    public static final Reply NO_RECIPIENT_NOW =
            new Reply(451, "4.3.0", "No recipient could be accepted now, try again later");
    public static final Reply TRY_LATER = new Reply(451, "4.3.0", "Trouble here, try again later");
    public static final Reply DISK_FULL =
            new Reply(452, "4.3.1", "Not enough storage here, try again later");
    public static final Reply OUR_FAULT = new Reply(421, "4.3.0", "A fault here, closing");
    public static final Reply SHUTTING_DOWN = new Reply(421, "4.3.2", "Shutting down");
    public static final Reply TIMED_OUT = new Reply(421, "4.4.2", "Timed out");

    private Replies() {}
}
