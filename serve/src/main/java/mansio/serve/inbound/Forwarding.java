package mansio.serve.inbound;

import java.util.Optional;

/**
 * What leaves again by aliases, and how.
 *
 * @param outside which mail of other servers may go on to other servers
 * @param tags of the reverse-paths of own senders
 */
public record Forwarding(Outside outside, Tags tags) {
    /** What is authenticated goes on; own senders are written as they are. */
    public static final Forwarding USUAL = new Forwarding(Outside.AUTHENTICATED, Tags.NONE);

    /** Which mail of other servers may go on to other servers by an alias. */
    public enum Outside {
        /** None: an alias that leads only elsewhere is refused at RCPT. */
        NEVER,
        /** What SPF, or a signature of the author's domain, says who sent it. */
        AUTHENTICATED,
        /** All but Junk. */
        ALWAYS
    }

    /** What is done about signed reverse-paths of own senders (BATV). */
    public enum Tags {
        /** Mail leaves without. */
        NONE,
        /** Mail leaves with them. */
        SIGNED,
        /** And bounces without are refused, when mail has left with them for long enough. */
        ENFORCED
    }

    /** True when mail of own senders leaves with signed reverse-paths. */
    public boolean signsSenders() {
        return tags != Tags.NONE;
    }

    /**
     * True when mail of this origin may, as far as is known at RCPT, go on to another server by an
     * alias. Bounces that go home are not asked for this.
     */
    public boolean mayAllow(Origin origin) {
        return switch (origin) {
            case Origin.Submission _, Origin.TrustedNetwork _, Origin.LocalUser _ -> true;
            case Origin.Outside _, Origin.Lmtp _ -> outside != Outside.NEVER;
        };
    }

    /**
     * Why mail of this origin does not go on, now that it is known whether it is authenticated;
     * empty when it does.
     */
    Optional<String> objection(Origin origin, boolean authenticated) {
        if (!mayAllow(origin)) {
            return Optional.of(
                    "mail from other servers is not forwarded to others here (forward.outside)");
        }
        return origin.isOwn() || outside == Outside.ALWAYS || authenticated
                ? Optional.empty()
                : Optional.of(
                        "neither SPF nor a signature says who sent it, and such mail is not"
                                + " forwarded to other servers (forward.outside)");
    }
}
