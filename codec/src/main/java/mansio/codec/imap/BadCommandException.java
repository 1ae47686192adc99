package mansio.codec.imap;

import java.util.Optional;

/**
 * The peer broke the grammar or a limit of ours. Carries no stack trace: it is an answer to the
 * peer, not a fault of ours.
 */
public final class BadCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    // The code belongs to the answer and is never serialised.
    private final transient Optional<ResponseCode> code;

    /**
     * @param message one clean line, ready for the text of a BAD or NO response
     * @param code the response code to send with it
     */
    private BadCommandException(String message, Optional<ResponseCode> code) {
        super(message, null, false, false);
        this.code = code;
    }

    static BadCommandException at(int offset, String message) {
        return new BadCommandException(message + " at octet " + offset, Optional.empty());
    }

    /** A number, length or depth above a limit of ours: RFC 9051 section 7.1, LIMIT. */
    static BadCommandException limit(String message) {
        return new BadCommandException(message, Optional.of(ResponseCode.Plain.LIMIT));
    }

    /** Present when our own limit was the reason; then the command was perhaps well-formed. */
    public Optional<ResponseCode> code() {
        return code;
    }

    /** One clean line for the peer. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
