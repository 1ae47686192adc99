package mansio.state.story;

import mansio.codec.text.Unicode;
import mansio.state.store.Key;
import mansio.state.store.Range;
import mansio.state.store.Turn;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes stories into the turn of the step that they explain, so that a step and its line are
 * durable together. Kept by day, so that old days go away as one range. No state; any thread.
 *
 * <pre>
 * STORY  day queueId 0          head and first lines
 * STORY  day queueId n          later lines; n counts upwards in time
 * INDEX  day hash(term) queueId empty: a message that knows the term
 * WINDOW day queueId            which later lines are the last ones, where lines are bounded
 * </pre>
 */
public final class StoryTables {
    static final int STORY = 0x60;
    static final int INDEX = 0x61;

    static final int WINDOW = 0x62;

    /** Lines that stay of those added by {@link #appendFew}. */
    public static final int MAX_LINES = 50;

    private StoryTables() {}

    /** Begins the story of a message. */
    public static void begin(Turn turn, StoryHead head, List<StoryLine> lines) {
        ValueWriter value = new ValueWriter();
        head.writeTo(value);
        writeLines(value, lines);
        turn.put(storyKey(head.received(), head.queueId()).u64(0), value.toBytes());
        for (long hash : hashes(head)) {
            turn.put(
                    Key.table(INDEX).u32(day(head.received())).u64(hash).u64(head.queueId()),
                    new byte[0]);
        }
    }

    /**
     * Adds lines to the story of a message.
     *
     * @param received when the message was accepted, which says where its story is
     */
    public static void append(Turn turn, long queueId, Instant received, List<StoryLine> lines) {
        ValueWriter value = new ValueWriter();
        writeLines(value, lines);
        turn.put(storyKey(received, queueId).u64(turn.version()), value.toBytes());
    }

    /**
     * As {@link #append}, for messages that are tried again and again: of what is added this way at
     * most {@link #MAX_LINES} lines stay, the first ones and the last ones.
     */
    public static void appendFew(Turn turn, long queueId, Instant received, List<StoryLine> lines)
            throws IOException {
        Key key = Key.table(WINDOW).u32(day(received)).u64(queueId);
        Optional<byte[]> stored = turn.get(key);
        Window window = stored.map(Window::read).orElse(Window.EMPTY);
        append(turn, queueId, received, lines);
        Window next = window.with(turn.version(), lines.size());
        for (long version : next.tooOld()) {
            turn.delete(storyKey(received, queueId).u64(version));
        }
        turn.put(key, next.withoutTooOld().toBytes());
    }

    /**
     * Which appends can still be dropped: those behind the first lines, each with its number of
     * lines.
     */
    private record Window(int first, List<long[]> last) {
        static final Window EMPTY = new Window(0, List.of());

        static Window read(byte[] value) {
            ValueReader in = new ValueReader(value);
            int first = in.count();
            List<long[]> last = new ArrayList<>();
            while (!in.atEnd()) last.add(new long[] {in.varint(), in.varint()});
            return new Window(first, last);
        }

        Window with(long version, int lines) {
            if (first + lines <= MAX_LINES / 2 && last.isEmpty())
                return new Window(first + lines, last);
            List<long[]> more = new ArrayList<>(last);
            more.add(new long[] {version, lines});
            return new Window(first, more);
        }

        private int tooMany() {
            long lines = last.stream().mapToLong(it -> it[1]).sum();
            int drop = 0;
            while (lines > MAX_LINES / 2 && drop < last.size() - 1) lines -= last.get(drop++)[1];
            return drop;
        }

        List<Long> tooOld() {
            return last.subList(0, tooMany()).stream().map(it -> it[0]).toList();
        }

        Window withoutTooOld() {
            return new Window(first, last.subList(tooMany(), last.size()));
        }

        byte[] toBytes() {
            ValueWriter out = new ValueWriter().varint(first);
            for (long[] each : last) out.varint(each[0]).varint(each[1]);
            return out.toBytes();
        }
    }

    /** Forgets all stories of the days before {@code day}. */
    static void forgetBefore(Turn turn, long firstDay, long day) {
        turn.deleteRange(new Range(Key.table(STORY).u32(firstDay), Key.table(STORY).u32(day)));
        turn.deleteRange(new Range(Key.table(INDEX).u32(firstDay), Key.table(INDEX).u32(day)));
        turn.deleteRange(new Range(Key.table(WINDOW).u32(firstDay), Key.table(WINDOW).u32(day)));
    }

    static long day(Instant at) {
        return Math.max(0, at.truncatedTo(ChronoUnit.DAYS).getEpochSecond() / 86_400);
    }

    static Key storyKey(Instant received, long queueId) {
        return Key.table(STORY).u32(day(received)).u64(queueId);
    }

    /**
     * Terms are compared folded; a hash that two terms share is told apart when the head is read.
     */
    static long hash(String term) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bits
        for (byte b : fold(term).getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        return hash;
    }

    static String fold(String term) {
        return Unicode.lookupKey(term);
    }

    private static Set<Long> hashes(StoryHead head) {
        Set<Long> hashes = new HashSet<>();
        if (!head.messageId().isEmpty()) hashes.add(hash(head.messageId()));
        hashes.add(hash(head.sender()));
        head.recipients().forEach(recipient -> hashes.add(hash(recipient)));
        return hashes;
    }

    private static void writeLines(ValueWriter value, List<StoryLine> lines) {
        value.varint(lines.size());
        lines.forEach(line -> line.writeTo(value));
    }
}
