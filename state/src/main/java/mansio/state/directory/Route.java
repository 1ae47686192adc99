package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.store.AccountId;

import java.util.List;

/** Where mail for a forward-path goes. */
public sealed interface Route {
    /**
     * The address is one of ours. Aliases are expanded: computed once, bounded, loops cut, an
     * account or a foreign address named once.
     *
     * @param targets accounts of this server, never the same twice
     * @param forwards addresses of other servers, never the same twice; there is at least one
     *     target or forward
     */
    record Ours(List<Target> targets, List<Forward> forwards) implements Route {
        public Ours {
            targets = List.copyOf(targets);
            forwards = List.copyOf(forwards);
            if (targets.isEmpty() && forwards.isEmpty()) {
                throw new IllegalArgumentException("no target");
            }
        }
    }

    /** To another server: the domain is not one of ours. */
    record Remote(Address forwardPath) implements Route {}

    /** The domain is ours and nobody in it has this local part: 550 5.1.1. */
    record NoSuchUser() implements Route {}

    /**
     * Nobody keeps it, and who sent it is told what was found about it. The directory never says so
     * by itself.
     */
    record Reflector() implements Route {}

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

    /**
     * One address of another server that gets the message.
     *
     * @param to the address there
     * @param by the domain of ours that leads there: a bounce comes back to it
     */
    record Forward(Address to, Domain by, Reason reason) {}

    /** Why mail for us goes to another server. */
    enum Reason {
        /** An alias or a catch-all leads there. */
        ALIAS,
        /** It came to a reverse-path that we had made for this sender: it goes home. */
        RETURN
    }
}
