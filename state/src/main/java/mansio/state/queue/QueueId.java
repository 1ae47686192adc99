package mansio.state.queue;

import java.time.Instant;
import java.util.Optional;

/**
 * Names a message in the queue, in every log line and in the 250: the shard (6 bits), milliseconds
 * since 1970 (42 bits) and a counter (16 bits). Never used twice: {@link QueueIds}.
 */
public record QueueId(long value) implements Comparable<QueueId> {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TEXT_LENGTH = 13;
    static final int SHARD_BITS = 6;
    static final int COUNTER_BITS = 16;
    static final long SEQUENCE_MASK = -1L >>> SHARD_BITS;

    static QueueId of(int shard, long sequence) {
        return new QueueId(((long) shard << (64 - SHARD_BITS)) | (sequence & SEQUENCE_MASK));
    }

    /** Which shard holds it. */
    public int shard() {
        return (int) (value >>> (64 - SHARD_BITS));
    }

    /** Time and counter: grows within a shard. */
    long sequence() {
        return value & SEQUENCE_MASK;
    }

    /** When the id was made, to the millisecond; up to a minute ahead after a restart. */
    public Instant madeAt() {
        return Instant.ofEpochMilli(sequence() >>> COUNTER_BITS);
    }

    /** Reads the text form; empty when it is none. */
    public static Optional<QueueId> parse(String text) {
        if (text.length() != TEXT_LENGTH) return Optional.empty();
        long value = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int digit = DIGITS.indexOf(Character.toLowerCase(text.charAt(i)));
            if (digit < 0 || (i == 0 && digit > 15)) return Optional.empty();
            value = (value << 5) | digit;
        }
        return Optional.of(new QueueId(value));
    }

    @Override
    public int compareTo(QueueId other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** Base 32 without the letters i, l, o and u. */
    @Override
    public String toString() {
        char[] text = new char[TEXT_LENGTH];
        long rest = value;
        for (int i = TEXT_LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= 5;
        }
        return new String(text);
    }
}
