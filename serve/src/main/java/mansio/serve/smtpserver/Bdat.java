package mansio.serve.smtpserver;

import mansio.codec.smtp.Command;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * BDAT: RFC 3030 section 2. The octets of a chunk come whether it is welcome or not, so they are
 * always read; a refusal that is known before them is said before them.
 */
final class Bdat {
    /** A peer that announces more is not worth reading to the end. */
    static final long MAX_DISCARDED = 1L << 30;

    private Bdat() {}

    /** Before the chunk. Without a reply the chunk is wanted; with one it is to be discarded. */
    static Answer begin(SessionState session, Command.Bdat bdat) throws IOException {
        session.announceChunk(bdat.size(), bdat.last());
        Optional<Reply> refusal = refusal(session, bdat);
        if (refusal.isEmpty()) {
            return Answer.silently(Answer.Next.CHUNK);
        }
        Reply reply = refusal.get();
        session.transaction().ifPresent(it -> it.failChunk(reply));
        return bdat.size() > MAX_DISCARDED
                ? Answer.hangUp(reply)
                : new Answer(replies(session, bdat, reply), Answer.Next.CHUNK);
    }

    /**
     * RFC 2033 section 4.3: the last chunk has a reply for each recipient, though there be none.
     */
    private static List<Reply> replies(SessionState session, Command.Bdat bdat, Reply reply) {
        boolean each = bdat.last() && session.transaction().isPresent();
        return Collections.nCopies(each ? session.repliesAtEnd() : 1, reply);
    }

    private static Optional<Reply> refusal(SessionState session, Command.Bdat bdat)
            throws IOException {
        Optional<MailTransaction> open = session.transaction();
        Optional<Reply> outOfSequence = Data.sequence(session, open);
        if (outOfSequence.isPresent()) {
            return outOfSequence;
        }
        MailTransaction transaction = open.orElseThrow();
        if (transaction.chunkFailure().isPresent()) {
            return transaction.chunkFailure();
        }
        long before = transaction.message().map(it -> it.gate().size()).orElse(0L);
        if (bdat.size() > session.rooms().intake().maxMessageBytes() - before) {
            return Optional.of(Replies.TOO_LARGE);
        }
        if (transaction.message().isEmpty()) {
            try {
                transaction.begin(Data.receive(session, transaction));
            } catch (IOException e) {
                return Optional.of(SmtpSession.troubleReply(e));
            }
        }
        return Optional.empty();
    }

    /** The chunk has been read into the message. */
    static Answer end(SessionState session) throws IOException {
        MailTransaction transaction = session.transaction().orElseThrow();
        IncomingMessage message = transaction.message().orElseThrow();
        if (session.isLastChunk()) {
            return Data.end(session);
        }
        Optional<Reply> failure = message.failure();
        if (failure.isPresent()) {
            transaction.failChunk(failure.get());
            return Answer.of(failure.get());
        }
        return Answer.of(Replies.CHUNK_OK);
    }
}
