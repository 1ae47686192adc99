package mansio.state.mailbox;

import mansio.state.store.BlobId;
import mansio.state.store.Key;
import mansio.state.store.Range;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/**
 * The keys of an account's partition. Mailbox ids and UIDs are 32 bits wide here. The tables from
 * {@link #ACCOUNT} to {@link #KEYWORDS} are read as one page when an account is opened.
 *
 * <pre>
 * ACCOUNT                       counters of the account
 * MAILBOX  mailbox              name, parent, special use, UIDVALIDITY
 * COUNTS   mailbox              what STATUS tells
 * MISSING  hash(name)           a subscribed name that does not exist
 * KEYWORDS                      the account's keywords, numbered
 * STAGING                       an unfinished large command
 * DEAD     mailbox              a deleted mailbox that waits for its sweep
 * BLOCK    mailbox uid          UIDs, sizes, MODSEQs and flags of placements from this UID on
 * FACTS    mailbox uid          what does not change about placements, expunged ones included
 * GONE     mailbox modSeq uid   expunged placements
 * EMAIL    email piece          content, derived facts
 * HEADERS  email                packed header cache
 * PLACES   email mailbox uid    where an e-mail is, or was while it is kept
 * BLOBUSE  blob email           which e-mails need a blob that this account holds
 * THREAD   hash(id, subject)    thread id and how many e-mails know the key
 * THREADED thread email         members of a thread beside its first
 * RECEIPT  madeAt queueId part  a delivery that was done
 * </pre>
 */
final class Tables {
    static final int ACCOUNT = 0x01;
    static final int MAILBOX = 0x02;
    static final int COUNTS = 0x03;
    static final int MISSING = 0x04;
    static final int KEYWORDS = 0x05;
    static final int STAGING = 0x06;
    static final int DEAD = 0x07;
    static final int BLOCK = 0x10;
    static final int FACTS = 0x11;
    static final int GONE = 0x12;
    static final int EMAIL = 0x13;
    static final int HEADERS = 0x14;
    static final int PLACES = 0x15;
    static final int BLOBUSE = 0x16;
    static final int THREAD = 0x17;
    static final int THREADED = 0x18;
    static final int RECEIPT = 0x19;

    private static final int HASH_BYTES = 16;

    private Tables() {}

    static Key account() {
        return Key.table(ACCOUNT);
    }

    static Key mailbox(long mailboxId) {
        return Key.table(MAILBOX).u32(mailboxId);
    }

    static Key counts(long mailboxId) {
        return Key.table(COUNTS).u32(mailboxId);
    }

    static Key missing(MailboxName name) {
        return Key.table(MISSING).raw(hash(name.toString()));
    }

    static Key keywords() {
        return Key.table(KEYWORDS);
    }

    static Key staging() {
        return Key.table(STAGING);
    }

    static Key dead(long mailboxId) {
        return Key.table(DEAD).u32(mailboxId);
    }

    static Key block(long mailboxId, long uid) {
        return Key.table(BLOCK).u32(mailboxId).u32(uid);
    }

    static Key facts(long mailboxId, long uid) {
        return Key.table(FACTS).u32(mailboxId).u32(uid);
    }

    /** The UID of a key of {@link #BLOCK} or {@link #FACTS}. */
    static long uidOf(Key key) {
        return key.u32At(5);
    }

    static Key gone(long mailboxId, long modSeq) {
        return Key.table(GONE).u32(mailboxId).u64(modSeq);
    }

    static long goneModSeqOf(Key key) {
        return key.u64At(5);
    }

    /** All keys of a table that are about one mailbox. */
    static Range ofMailbox(int table, long mailboxId) {
        return Range.prefix(Key.table(table).u32(mailboxId));
    }

    static Key email(long emailId, int piece) {
        return Key.table(EMAIL).u64(emailId).u8(piece);
    }

    static Key headers(long emailId) {
        return Key.table(HEADERS).u64(emailId);
    }

    static Key place(long emailId, long mailboxId, long uid) {
        return Key.table(PLACES).u64(emailId).u32(mailboxId).u32(uid);
    }

    static Range placesOf(long emailId) {
        return Range.prefix(Key.table(PLACES).u64(emailId));
    }

    static Key blobUse(BlobId blob, long emailId) {
        return Key.table(BLOBUSE).raw(blob.toBytes()).u64(emailId);
    }

    static Range usesOf(BlobId blob) {
        return Range.prefix(Key.table(BLOBUSE).raw(blob.toBytes()));
    }

    static Key thread(byte[] hash) {
        return Key.table(THREAD).raw(hash);
    }

    static Key threaded(long threadId, long emailId) {
        return Key.table(THREADED).u64(threadId).u64(emailId);
    }

    static Key receipt(Instant madeAt, long queueId, int part) {
        return Key.table(RECEIPT).u64(madeAt.toEpochMilli()).u64(queueId).u32(part);
    }

    static Range receiptsBefore(Instant madeBefore) {
        return new Range(Key.table(RECEIPT), Key.table(RECEIPT).u64(madeBefore.toEpochMilli()));
    }

    /** Long names as keys of fixed length. */
    static byte[] hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform has it.
        }
    }
}
