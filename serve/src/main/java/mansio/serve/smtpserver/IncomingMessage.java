package mansio.serve.smtpserver;

import mansio.codec.line.ByteSink;
import mansio.codec.smtp.ContentGate;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.serve.inbound.Outcome;
import mansio.serve.inbound.Refusal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The content of one message on its way from the wire to the store. Trouble of the store does not
 * stop the reading: it is kept for the reply at the end, so that nothing of the message is ever
 * taken for commands.
 */
final class IncomingMessage {
    /** RFC 5321 section 6.3. */
    static final int MAX_RECEIVED_FIELDS = 100;

    private final Intake.Content content;
    private final ContentGate gate;

    /** The first trouble of the store; absent while all goes well. */
    private @Nullable IOException trouble;

    IncomingMessage(Intake.Content content, long maxSize) {
        this.content = content;
        this.gate =
                new ContentGate(
                        new ToStore(), new ContentGate.Limits(maxSize, MAX_RECEIVED_FIELDS));
    }

    /** Where the content goes; never throws. */
    ContentGate gate() {
        return gate;
    }

    /** Why it cannot be accepted any more, as far as it has come. */
    Optional<Reply> failure() {
        Optional<ContentGate.Refusal> refusal = gate.refusal();
        if (refusal.isPresent()) {
            return Optional.of(
                    switch (refusal.get()) {
                        case TOO_MANY_HOPS -> Replies.TOO_MANY_HOPS;
                        case TOO_LARGE -> Replies.TOO_LARGE;
                        case BARE_LINE_BREAK -> Replies.BARE_LINE_BREAK;
                    });
        }
        return Optional.ofNullable(trouble).map(SmtpSession::troubleReply);
    }

    /**
     * The message is complete: hands it over. One reply speaks for all recipients.
     *
     * @throws IOException when it is not certain that the message is kept
     */
    Reply finish() throws IOException {
        gate.end();
        Optional<Reply> failure = failure();
        if (failure.isPresent()) {
            return failure.get();
        }
        return switch (content.finish()) {
            case Outcome.Refused(Refusal refusal) -> reply(refusal);
            case Outcome.Accepted accepted -> queued(accepted);
        };
    }

    /** As {@link #finish}, with a reply for each recipient, in their order: for LMTP. */
    List<Reply> finishForEach(int recipients) throws IOException {
        gate.end();
        Optional<Reply> failure = failure();
        if (failure.isPresent()) {
            return Collections.nCopies(recipients, failure.get());
        }
        return switch (content.finish()) {
            case Outcome.Refused(Refusal refusal) ->
                    Collections.nCopies(recipients, reply(refusal));
            case Outcome.Accepted accepted -> {
                Reply queued = queued(accepted);
                List<Reply> replies = new ArrayList<>(recipients);
                for (Optional<Refusal> refused : accepted.refused()) {
                    replies.add(refused.map(IncomingMessage::reply).orElse(queued));
                }
                yield replies;
            }
        };
    }

    private static Reply queued(Outcome.Accepted accepted) {
        return new Reply(250, "2.0.0", "Ok, queued as " + accepted.id());
    }

    private static Reply reply(Refusal refusal) {
        return new Reply(refusal.code(), refusal.status(), refusal.text());
    }

    /** Throws it away unless it was accepted. */
    void close() {
        content.close();
    }

    private final class ToStore implements ByteSink {
        @Override
        public void write(byte[] from, int offset, int length) {
            if (trouble == null) {
                try {
                    content.write(from, offset, length);
                } catch (IOException e) {
                    trouble = e;
                }
            }
        }

        @Override
        public void flush() {}
    }
}
