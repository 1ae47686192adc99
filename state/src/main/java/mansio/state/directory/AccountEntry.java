package mansio.state.directory;

import mansio.state.store.AccountId;

import java.util.OptionalLong;

/** An account, and which secrets it has. The secrets themselves stay on disk. */
record AccountEntry(Account account, Secret secret) {
    /** What a log-in can be checked against. The code is stored. */
    enum Secret {
        NONE(0),
        PASSWORD(1),
        PASSWORD_AND_SCRAM(2);

        private final int code;

        Secret(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Secret of(int code) {
            for (Secret secret : values()) {
                if (secret.code == code) {
                    return secret;
                }
            }
            throw new IllegalStateException("secret " + code);
        }

        static Secret of(Credentials credentials) {
            if (credentials.password().isEmpty()) {
                return NONE;
            }
            return credentials.scram().isPresent() ? PASSWORD_AND_SCRAM : PASSWORD;
        }
    }

    AccountId id() {
        return account.id();
    }

    AccountEntry withEnabled(boolean enabled, long credentialVersion) {
        return new AccountEntry(
                new Account(
                        account.id(),
                        account.address(),
                        enabled,
                        account.quotaBytes(),
                        credentialVersion,
                        account.created()),
                secret);
    }

    AccountEntry withQuota(OptionalLong quotaBytes) {
        return new AccountEntry(
                new Account(
                        account.id(),
                        account.address(),
                        account.enabled(),
                        quotaBytes,
                        account.credentialVersion(),
                        account.created()),
                secret);
    }

    AccountEntry withCredentials(Credentials credentials) {
        return new AccountEntry(atVersion(credentials.version()), Secret.of(credentials));
    }

    /** The account as one that logged in with credentials of this version sees it. */
    Account atVersion(long credentialVersion) {
        return new Account(
                account.id(),
                account.address(),
                account.enabled(),
                account.quotaBytes(),
                credentialVersion,
                account.created());
    }
}
