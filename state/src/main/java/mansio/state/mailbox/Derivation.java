package mansio.state.mailbox;

import mansio.codec.message.ParsedMessage;

/**
 * Makes {@link Derived} of a parsed message, for deliveries, APPEND and whoever else brings a
 * message in.
 */
public final class Derivation {
    private Derivation() {}

    /** What is kept beside the message. */
    public static Derived of(ParsedMessage message) {
        return new Derived(new byte[0], new byte[0], ThreadKeys.NONE);
    }
}
