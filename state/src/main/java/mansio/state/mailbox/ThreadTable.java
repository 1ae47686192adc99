package mansio.state.mailbox;

import mansio.state.store.Key;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which thread a new e-mail joins (RFC 8621 section 3). Each key counts the e-mails that know it,
 * so that it goes with the last of them. A thread's id is the id of its first e-mail. No state; any
 * thread.
 */
final class ThreadTable {
    private static final int HASH_BYTES = 16;

    private ThreadTable() {}

    /** The hashed keys of an e-mail, the own Message-ID first. */
    record Hashes(List<byte[]> hashes) {
        static Hashes of(ThreadKeys keys) {
            List<byte[]> hashes = new ArrayList<>(keys.messageIds().size());
            for (String id : keys.messageIds()) {
                hashes.add(Tables.hash(id + "\0" + keys.baseSubject()));
            }
            return new Hashes(hashes);
        }

        void writeTo(ValueWriter out) {
            out.varint(hashes.size());
            hashes.forEach(out::raw);
        }

        static Hashes readFrom(ValueReader in) {
            int count = in.count();
            List<byte[]> hashes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) hashes.add(in.raw(HASH_BYTES));
            return new Hashes(hashes);
        }

        List<Key> keys() {
            return hashes.stream().map(Tables::thread).toList();
        }
    }

    private record Known(long threadId, long emails) {
        static Known ofBytes(byte[] bytes) {
            ValueReader in = new ValueReader(bytes);
            return new Known(in.u64(), in.varint());
        }

        byte[] toBytes() {
            return new ValueWriter().u64(threadId).varint(emails).toBytes();
        }
    }

    /** Joins the thread that the nearest reference knows, or begins one. */
    static long join(Work work, long emailId, Hashes hashes) throws IOException {
        List<Key> keys = hashes.keys();
        if (keys.isEmpty()) return emailId;
        List<Optional<Known>> known = read(work, keys);
        long threadId = nearest(known).orElse(emailId);
        for (int i = 0; i < keys.size(); i++) {
            long mine = threadId;
            Known now =
                    known.get(i)
                            .map(k -> new Known(k.threadId, k.emails + 1))
                            .orElseGet(() -> new Known(mine, 1));
            work.put(keys.get(i), now.toBytes());
        }
        if (threadId != emailId) work.put(Tables.threaded(threadId, emailId), new byte[0]);
        return threadId;
    }

    /**
     * The own id comes first: somebody may have answered before this message arrived. The others
     * are oldest first, so the last that is known is the nearest.
     */
    private static OptionalLong nearest(List<Optional<Known>> known) {
        if (known.getFirst().isPresent()) return OptionalLong.of(known.getFirst().get().threadId);
        return known.reversed().stream()
                .flatMap(Optional::stream)
                .mapToLong(Known::threadId)
                .findFirst();
    }

    /** Undoes {@link #join} for an e-mail that is purged. */
    static void leave(Work work, long emailId, long threadId, Hashes hashes) throws IOException {
        List<Key> keys = hashes.keys();
        List<Optional<Known>> known = read(work, keys);
        for (int i = 0; i < keys.size(); i++) {
            if (known.get(i).isEmpty()) continue;
            Known one = known.get(i).get();
            if (one.emails <= 1) work.delete(keys.get(i));
            else work.put(keys.get(i), new Known(one.threadId, one.emails - 1).toBytes());
        }
        if (threadId != emailId) work.delete(Tables.threaded(threadId, emailId));
    }

    private static List<Optional<Known>> read(Work work, List<Key> keys) throws IOException {
        return work.reads().getAll(keys).stream().map(v -> v.map(Known::ofBytes)).toList();
    }
}
