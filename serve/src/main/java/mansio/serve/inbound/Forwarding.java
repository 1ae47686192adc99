package mansio.serve.inbound;

/**
 * What leaves again by aliases, and how.
 *
 * @param fromOutside true when mail that came from other servers may go on to other servers
 * @param signSenders true when mail of own senders leaves with signed reverse-paths (BATV)
 */
public record Forwarding(boolean fromOutside, boolean signSenders) {
    /** Nothing that came from outside goes outside; own senders are written as they are. */
    public static final Forwarding USUAL = new Forwarding(false, false);

    /**
     * True when mail of this origin may go on to another server by an alias. Bounces that go home
     * are not asked for this.
     */
    boolean allows(Origin origin) {
        return switch (origin) {
            case Origin.Submission _, Origin.TrustedNetwork _, Origin.LocalUser _ -> true;
            case Origin.Outside _, Origin.Lmtp _ -> fromOutside;
        };
    }
}
