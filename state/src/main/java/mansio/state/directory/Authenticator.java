package mansio.state.directory;

import mansio.codec.sasl.ScramKeys;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.time.Duration;

/**
 * Proves who somebody is. An unknown name, a wrong password, an account without password and a
 * disabled account cost the same work and give the same answer. Guessing is slowed down for each
 * pair of network and log-in name, and for a network over all names, never for a name alone: nobody
 * can lock somebody else out from afar.
 *
 * <p>Safe for use by any thread. Every method throws IOException when it cannot tell: a temporary
 * failure (454, NO [UNAVAILABLE]), never a refusal.
 */
public interface Authenticator {
    /**
     * Checks a password. Computes for some 30 ms, on threads of its own.
     *
     * @param loginName an address of the account, or its local part when no other domain of ours
     *     has the same one
     * @param password as it came, not prepared
     */
    Result password(String loginName, String password, NetworkOrigin origin) throws IOException;

    /**
     * Begins a SCRAM-SHA-256 exchange: give it to {@code ScramServer}, then tell it the outcome.
     */
    ScramAttempt scram(NetworkOrigin origin) throws IOException;

    /**
     * True when SCRAM is to be advertised: every enabled account has keys, or the setting says so.
     */
    boolean offersScram() throws IOException;

    /**
     * Calls {@code listener} when an account's credentials have changed, or the account was
     * disabled or removed: its sessions of a lower credential version end now. Called on the
     * changing thread: return at once.
     *
     * @return gives the registration up when closed
     */
    Registration onCredentialChange(CredentialListener listener);

    /** How an attempt ended. */
    sealed interface Result {}

    /**
     * The right password.
     *
     * @param account as it was when the password was found right: the session keeps its credential
     *     version
     */
    record Success(Account account) implements Result {}

    /** Wrong name or password, or a disabled account: 535 5.7.8, NO [AUTHENTICATIONFAILED]. */
    record Refused() implements Result {}

    /**
     * Too many failures; the password was not looked at. The duration is for logs, not for the
     * peer: 454 4.7.0.
     */
    record Locked(Duration retryAfter) implements Result {}

    /** One SCRAM exchange. Used by one thread. */
    interface ScramAttempt extends ScramKeys.Source {
        /** The client proved that it knows the password of the name that was last asked for. */
        Result succeeded() throws IOException;

        /** The client's proof was wrong, or it gave up after the challenge. */
        Result failed() throws IOException;
    }

    /** Hears of credentials that hold no longer. */
    @FunctionalInterface
    interface CredentialListener {
        /**
         * Sessions of {@code account} that began with a credential version below {@code minVersion}
         * end.
         */
        void changed(AccountId account, long minVersion);
    }

    /** Something registered that can be given up. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
