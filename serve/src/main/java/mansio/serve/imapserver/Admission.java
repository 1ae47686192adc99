package mansio.serve.imapserver;

import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.ConnectionLimits.Bounds;
import mansio.net.time.Time;
import mansio.state.directory.NetworkOrigin;
import mansio.state.store.AccountId;

/**
 * How many sessions there may be. One object may serve several servers. Safe for use by any thread.
 *
 * @param networks all sessions, by where they come from
 * @param accounts those that have logged in, by account
 */
public record Admission(
        ConnectionLimits<NetworkOrigin> networks, ConnectionLimits<AccountId> accounts) {

    /**
     * Counts from zero.
     *
     * @param inAll sessions at once
     * @param ofNetwork sessions of one network at once
     * @param ofAccount sessions of one account at once
     */
    public static Admission of(Time time, int inAll, int ofNetwork, int ofAccount) {
        return new Admission(
                new ConnectionLimits<>(time, new Bounds(inAll, ofNetwork, Bounds.UNBOUNDED)),
                new ConnectionLimits<>(
                        time, new Bounds(Bounds.UNBOUNDED, ofAccount, Bounds.UNBOUNDED)));
    }
}
