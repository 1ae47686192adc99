package mansio.state.store;

import java.util.HexFormat;

/**
 * Names an account: 64 random bits, never reused. Addresses and log-in names are mappings to it, so
 * renaming touches no mail.
 */
public record AccountId(long value) implements Comparable<AccountId> {
    /** The partition that keeps the account's mail. */
    public PartitionId partition() {
        return PartitionId.account(value);
    }

    /** Reads what {@link #toString()} gave. */
    public static AccountId parse(String hex) {
        return new AccountId(HexFormat.fromHexDigitsToLong(hex));
    }

    @Override
    public int compareTo(AccountId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
