package mansio.serve.preflight;

import mansio.codec.message.ParsedMessage;
import mansio.serve.checks.Findings;

import java.time.Instant;
import java.util.Optional;

/**
 * A message as a receiver in the world would see it.
 *
 * @param bytes the whole message, not to be changed
 * @param findings of a receiver's checks
 * @param now when it arrived
 * @param journey how it travelled; empty when it did not, as that of a file
 */
public record Arrived(
        byte[] bytes,
        ParsedMessage message,
        Findings findings,
        Instant now,
        Optional<Journey> journey) {
    /**
     * How a message travelled.
     *
     * @param tls protocol and cipher; empty when in the clear
     * @param relay who brings it to the world in our place; empty when we do
     */
    public record Journey(Optional<String> tls, Optional<Relay> relay) {
        /** From us to the receiver. */
        public Journey(Optional<String> tls) {
            this(tls, Optional.empty());
        }
    }

    /**
     * A host of others that sends the message on. The world sees its name, and its addresses.
     *
     * @param name of the host
     * @param address whether the findings are about an address of that host
     */
    public record Relay(String name, Address address) {
        /** Whose address the findings are about. */
        public enum Address {
            /** Somebody said which address the world sees. */
            TOLD,
            /** Nobody knows from which of its addresses the host sends. */
            UNKNOWN
        }
    }
}
