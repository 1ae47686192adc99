package mansio.codec.smtp;

import java.util.Optional;
import java.util.Set;

/**
 * The parameters of RCPT, all of RFC 3461 section 4.
 *
 * @param notifications empty when not given; an empty set inside stands for NEVER
 */
public record RcptParameters(
        Optional<Set<Notify>> notifications, Optional<OriginalRecipient> originalRecipient) {

    /** No parameters at all. */
    public static final RcptParameters NONE =
            new RcptParameters(Optional.empty(), Optional.empty());

    /** RFC 3461 section 4.1. */
    public enum Notify {
        SUCCESS,
        FAILURE,
        DELAY
    }

    /**
     * RFC 3461 section 4.2.
     *
     * @param type such as {@code rfc822}
     * @param address decoded from xtext, printable ASCII
     */
    public record OriginalRecipient(String type, String address) {}
}
