package mansio.state.store;

import java.util.HexFormat;

/** Names a partition. */
public record PartitionId(Kind kind, long number) {
    /** What a partition is for. The code is stored; never change or reuse one. */
    public enum Kind {
        DIRECTORY(1),
        ACCOUNT(2),
        QUEUE(3),
        REPORTS(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Domains, accounts, aliases, settings. */
    public static final PartitionId DIRECTORY = new PartitionId(Kind.DIRECTORY, 0);

    /** What others are to be told of their domains, and what they tell of ours. */
    public static final PartitionId REPORTS = new PartitionId(Kind.REPORTS, 0);

    public static PartitionId account(long accountId) {
        return new PartitionId(Kind.ACCOUNT, accountId);
    }

    public static PartitionId queueShard(int shard) {
        return new PartitionId(Kind.QUEUE, shard);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT)
                + "/"
                + HexFormat.of().toHexDigits(number);
    }
}
