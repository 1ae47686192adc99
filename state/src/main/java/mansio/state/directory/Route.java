package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.state.store.AccountId;

import java.util.List;

/** Where mail for a forward-path goes. */
public sealed interface Route {
    /**
     * To accounts of this server. Aliases are expanded: computed once, bounded, loops cut, an
     * account named once.
     *
     * @param targets one or more, never the same account twice
     */
    record Local(List<Target> targets) implements Route {
        public Local {
            targets = List.copyOf(targets);
            if (targets.isEmpty()) {
                throw new IllegalArgumentException("no target");
            }
        }
    }

    /** To another server: the domain is not one of ours. */
    record Remote(Address forwardPath) implements Route {}

    /** The domain is ours and nobody in it has this local part: 550 5.1.1. */
    record NoSuchUser() implements Route {}

    /**
     * One account that gets the message.
     *
     * @param addressedTo the forward-path as the sender gave it, whatever aliases led here
     * @param finalAddress the last address of the expansion, the one that named the account: for
     *     Delivered-To
     * @param detail the subaddress detail of the last address that had one (RFC 5233 section 1),
     *     spelled as given; empty when there was none
     */
    record Target(AccountId account, Address addressedTo, Address finalAddress, String detail) {}
}
