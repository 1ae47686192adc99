package mansio.serve.smtpserver;

/** What a listener is for. */
public enum Flavour {
    /** Mail from other servers: port 25. Nobody logs in here. */
    MX,
    /** Mail from clients that log in: RFC 6409, port 587, and RFC 8314, port 465. */
    SUBMISSION,
    /** Mail from a program beside us, for local recipients only: RFC 2033. */
    LMTP
}
