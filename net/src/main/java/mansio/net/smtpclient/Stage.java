package mansio.net.smtpclient;

/** How far a session or a transaction had got. */
public enum Stage {
    /** Here: the message cannot be read, or the caller stopped it. Says nothing of the server. */
    LOCAL,
    CONNECT,
    GREETING,
    /** EHLO, HELO or LHLO. */
    EHLO,
    STARTTLS,
    /** The handshake, and the check of the certificate. */
    TLS,
    AUTH,
    /** What the server offers does not do for the message: nothing of it was said. */
    OFFER,
    MAIL,
    RCPT,
    DATA,
    /** The message, before its end. */
    CONTENT,
    /** The final dot, or the last chunk, and its reply. */
    END
}
