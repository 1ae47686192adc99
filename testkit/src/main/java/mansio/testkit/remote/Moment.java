package mansio.testkit.remote;

/** When a {@link ScriptedServer} acts: after what it has heard. */
public enum Moment {
    CONNECT,
    EHLO,
    HELO,
    LHLO,
    STARTTLS,
    /** In place of its side of the TLS handshake. */
    HANDSHAKE,
    /** AUTH, and each answer to a challenge. */
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /** After the first line of a message. */
    CONTENT,
    /** After the final dot; in LMTP once for each recipient that was accepted. */
    DOT,
    BDAT,
    /** After the last chunk; in LMTP once for each recipient that was accepted. */
    LAST,
    RSET,
    NOOP,
    QUIT,
    /** A command that it does not know. */
    OTHER
}
