package mansio.state.story;

import mansio.net.time.Time;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.Reads.Direction;
import mansio.state.store.ValueReader;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds stories, and forgets old ones. Safe for use by any thread. */
public final class Stories {
    private static final int PAGE = 500;
    private static final int MAX_LINES = 10_000;

    private final List<Partition> shards;
    private final Time time;
    private final Duration keep;

    /**
     * @param shards the partitions of the queue
     * @param keep how long a story is kept, in whole days
     */
    public Stories(List<Partition> shards, Time time, Duration keep) {
        this.shards = List.copyOf(shards);
        this.time = time;
        this.keep = keep;
    }

    /** The story of the message with this queue id, if it is still kept. */
    public Optional<Story> byQueueId(long queueId, Instant received) throws IOException {
        for (Partition shard : shards) {
            Optional<Story> story = read(shard, StoryTables.storyKey(received, queueId));
            if (story.isPresent()) return story;
        }
        return Optional.empty();
    }

    /**
     * The newest stories of messages with this Message-ID, sender or recipient.
     *
     * @param term without angle brackets; compared without regard to case
     */
    public List<Story> byTerm(String term, int max) throws IOException {
        List<Story> found = new ArrayList<>();
        long today = StoryTables.day(time.now());
        for (long day = today + 1; day >= today - keep.toDays() && found.size() < max; day--) {
            for (Partition shard : shards) {
                if (day >= 0) found.addAll(ofDay(shard, day, term, max));
            }
        }
        found.sort((a, b) -> b.head().received().compareTo(a.head().received()));
        return found.size() > max ? found.subList(0, max) : found;
    }

    /** Drops the days that need not be kept any more. Called now and then. */
    public void forgetOld() throws IOException {
        long oldest = StoryTables.day(time.now()) - keep.toDays();
        if (oldest <= 0) return;
        for (Partition shard : shards) {
            Range before =
                    new Range(
                            Key.table(StoryTables.STORY), Key.table(StoryTables.STORY).u32(oldest));
            List<Entry> first = shard.scan(before, Direction.FORWARD, 1, 1 << 16).entries();
            if (first.isEmpty()) continue;
            long firstDay = first.getFirst().key().u32At(1);
            shard.writeLazily(
                    turn -> {
                        StoryTables.forgetBefore(turn, firstDay, oldest);
                        return true;
                    });
        }
    }

    private static List<Story> ofDay(Partition shard, long day, String term, int max)
            throws IOException {
        List<Story> found = new ArrayList<>();
        Key prefix = Key.table(StoryTables.INDEX).u32(day).u64(StoryTables.hash(term));
        for (Entry entry :
                shard.scan(Range.prefix(prefix), Direction.BACKWARD, max, 1 << 20).entries()) {
            long queueId = entry.key().u64At(1 + 4 + 8);
            Optional<Story> story = read(shard, Key.table(StoryTables.STORY).u32(day).u64(queueId));
            if (story.isPresent() && knows(story.get().head(), term)) found.add(story.get());
        }
        return found;
    }

    private static boolean knows(StoryHead head, String term) {
        String folded = StoryTables.fold(term);
        return StoryTables.fold(head.messageId()).equals(folded)
                || StoryTables.fold(head.sender()).equals(folded)
                || head.recipients().stream()
                        .anyMatch(recipient -> StoryTables.fold(recipient).equals(folded));
    }

    private static Optional<Story> read(Reads shard, Key prefix) throws IOException {
        Page page = shard.scan(Range.prefix(prefix), Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
        Optional<StoryHead> head = Optional.empty();
        List<StoryLine> lines = new ArrayList<>();
        for (Entry entry : page.entries()) {
            ValueReader in = new ValueReader(entry.value());
            if (entry.key().u64At(prefix.length()) == 0) head = Optional.of(StoryHead.readFrom(in));
            int count = in.count();
            for (int i = 0; i < count && lines.size() < MAX_LINES; i++)
                lines.add(StoryLine.readFrom(in));
        }
        return head.map(h -> new Story(h, lines));
    }
}
