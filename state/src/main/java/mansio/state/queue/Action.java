package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.state.store.AccountId;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.Optional;

/** What is to be done for a recipient. Decided once, when the message is accepted, and frozen. */
public sealed interface Action {
    /**
     * Put it into a mailbox of an account here.
     *
     * @param detail the subaddress detail ({@code user+detail@}), if there was one
     */
    record Deliver(AccountId account, Optional<String> detail, Placing placing) implements Action {}

    /** Hand it to the server of the recipient's domain. */
    record Relay() implements Action {}

    /**
     * Hand it to the server of another address: an alias leads there.
     *
     * @param to the forward-path that goes out
     * @param reversePath the one that goes out with it: the sender's, or one that brings bounces
     *     back here; empty for the null one
     */
    record Forward(Address to, Optional<Address> reversePath) implements Action {}

    /** Which mailbox. The code is stored. */
    enum Placing {
        INBOX(0),
        /** Quarantined: kept, but not among the wanted mail. */
        JUNK(1);

        private final int code;

        Placing(int code) {
            this.code = code;
        }

        private static Placing of(int code) {
            return code == JUNK.code ? JUNK : INBOX;
        }
    }

    /** Stores the action. */
    default void writeTo(ValueWriter out) {
        switch (this) {
            case Deliver(AccountId account, Optional<String> detail, Placing placing) ->
                    out.u8(1).u64(account.value()).optionalText(detail).u8(placing.code);
            case Relay() -> out.u8(2);
            case Forward(Address to, Optional<Address> reversePath) ->
                    out.u8(3).text(to.toWire()).optionalText(reversePath.map(Address::toWire));
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    static Action readFrom(ValueReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Deliver(new AccountId(in.u64()), in.optionalText(), Placing.of(in.u8()));
            case 2 -> new Relay();
            case 3 -> new Forward(Address.parse(in.text()), in.optionalText().map(Address::parse));
            default -> throw new IllegalStateException("action tag " + tag);
        };
    }
}
