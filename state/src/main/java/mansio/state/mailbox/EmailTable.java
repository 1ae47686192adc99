package mansio.state.mailbox;

import mansio.state.store.BlobId;
import mansio.state.store.Content;
import mansio.state.store.Key;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * E-mails as values: made once, read often, purged when no placement needs them any more. A long
 * one is cut into pieces. No state; any thread.
 */
final class EmailTable {
    private static final int FORMAT = 1;
    private static final int PIECE_BYTES = 60_000;

    /** E-mails read in one go. */
    private static final int READ_AT_ONCE = 200;

    private EmailTable() {}

    /** A message made ready for its turn, so that the turn is short. */
    record Prepared(
            NewMessage message, long size, ThreadTable.Hashes thread, byte[] withoutThread) {
        static Prepared of(NewMessage message) {
            Content content = message.content();
            ThreadTable.Hashes thread = ThreadTable.Hashes.of(message.derived().thread());
            long size = content.length();
            ValueWriter out = new ValueWriter().varint(size);
            thread.writeTo(out);
            content.writeTo(out);
            out.bytes(message.derived().facts());
            return new Prepared(message, size, thread, out.toBytes());
        }

        /** What it adds to a batch, about. */
        int bytes() {
            return withoutThread.length + message.derived().headers().length + 500;
        }

        NewPlacement placement(long emailId, Flags flags, Instant saveDate) {
            return new NewPlacement(emailId, size, flags, message.internalDate(), saveDate);
        }
    }

    /** Writes a new e-mail and returns its id. Its first placement comes with the same command. */
    static long insert(Work work, Prepared prepared) throws IOException {
        long emailId = work.takeEmailId();
        long threadId = ThreadTable.join(work, emailId, prepared.thread());
        byte[] whole =
                ByteBuffer.allocate(8 + prepared.withoutThread().length)
                        .putLong(threadId)
                        .put(prepared.withoutThread())
                        .array();
        int count = (whole.length + PIECE_BYTES - 1) / PIECE_BYTES;
        for (int piece = 0; piece < count; piece++) {
            int from = piece * PIECE_BYTES;
            int length = Math.min(PIECE_BYTES, whole.length - from);
            byte[] value =
                    ByteBuffer.allocate(2 + length)
                            .put((byte) FORMAT)
                            .put((byte) count)
                            .put(whole, from, length)
                            .array();
            work.put(Tables.email(emailId, piece), value);
        }
        byte[] headers = prepared.message().derived().headers();
        if (headers.length > 0) work.put(Tables.headers(emailId), headers);
        for (BlobId blob : prepared.message().content().blobs()) {
            work.hold(blob);
            work.put(Tables.blobUse(blob, emailId), new byte[0]);
        }
        return emailId;
    }

    /** Purges an e-mail if it has no place left, neither live nor kept. */
    static void purgeIfPlaceless(Work work, long emailId) throws IOException {
        Reads reads = work.reads();
        boolean placed =
                !reads.scan(Tables.placesOf(emailId), Reads.Direction.FORWARD, 1, 1)
                        .entries()
                        .isEmpty();
        if (placed) return;
        Optional<byte[]> first = reads.get(Tables.email(emailId, 0));
        if (first.isEmpty()) return;
        Stored stored = Stored.read(reads, emailId, first.get());
        for (int piece = 0; piece < pieces(first.get()); piece++)
            work.delete(Tables.email(emailId, piece));
        work.delete(Tables.headers(emailId));
        ThreadTable.leave(work, emailId, stored.email.threadId(), stored.thread);
        for (BlobId blob : stored.email.content().blobs()) {
            work.delete(Tables.blobUse(blob, emailId));
            boolean used =
                    !reads.scan(Tables.usesOf(blob), Reads.Direction.FORWARD, 1, 1)
                            .entries()
                            .isEmpty();
            if (!used) work.release(blob);
        }
    }

    static List<Email> read(Reads reads, List<Long> emailIds) throws IOException {
        List<Email> emails = new ArrayList<>(emailIds.size());
        for (int from = 0; from < emailIds.size(); from += READ_AT_ONCE) {
            List<Long> some =
                    emailIds.subList(from, Math.min(emailIds.size(), from + READ_AT_ONCE));
            List<Key> keys = some.stream().map(id -> Tables.email(id, 0)).toList();
            List<Optional<byte[]>> firsts = reads.getAll(keys);
            for (int i = 0; i < some.size(); i++) {
                if (firsts.get(i).isEmpty()) continue;
                emails.add(Stored.read(reads, some.get(i), firsts.get(i).get()).email);
            }
        }
        return emails;
    }

    static List<byte[]> readHeaders(Reads reads, List<Long> emailIds) throws IOException {
        List<byte[]> headers = new ArrayList<>(emailIds.size());
        for (int from = 0; from < emailIds.size(); from += READ_AT_ONCE) {
            List<Long> some =
                    emailIds.subList(from, Math.min(emailIds.size(), from + READ_AT_ONCE));
            List<Key> keys = some.stream().map(Tables::headers).toList();
            for (Optional<byte[]> value : reads.getAll(keys))
                headers.add(value.orElseGet(() -> new byte[0]));
        }
        return headers;
    }

    private static int pieces(byte[] first) {
        if (first[0] != FORMAT) throw new IllegalStateException("e-mail format " + first[0]);
        return first[1] & 0xFF;
    }

    private static final class Stored {
        final Email email;
        final ThreadTable.Hashes thread;

        private Stored(Email email, ThreadTable.Hashes thread) {
            this.email = email;
            this.thread = thread;
        }

        static Stored read(Reads reads, long emailId, byte[] first) throws IOException {
            byte[] whole = Arrays.copyOfRange(first, 2, first.length);
            if (pieces(first) > 1) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(whole);
                for (int piece = 1; piece < pieces(first); piece++) {
                    byte[] next =
                            reads.get(Tables.email(emailId, piece))
                                    .orElseThrow(
                                            () -> new IOException("e-mail " + emailId + " is cut"));
                    all.write(next, 2, next.length - 2);
                }
                whole = all.toByteArray();
            }
            ValueReader in = new ValueReader(whole);
            long threadId = in.u64();
            long size = in.varint();
            ThreadTable.Hashes thread = ThreadTable.Hashes.readFrom(in);
            Content content = Content.readFrom(in);
            return new Stored(new Email(emailId, threadId, size, content, in.bytes()), thread);
        }
    }
}
