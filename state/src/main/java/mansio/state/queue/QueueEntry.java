package mansio.state.queue;

import mansio.state.store.Content;

import java.time.Instant;
import java.util.List;

/**
 * A message in the queue.
 *
 * @param received when it was accepted
 * @param content the bytes as they go on: what was received, behind the fields we added; without
 *     Return-Path
 * @param messageId its Message-ID without angle brackets; empty when it has none
 * @param recipients at least one
 */
public record QueueEntry(
        QueueId id,
        Instant received,
        Envelope envelope,
        Content content,
        String messageId,
        List<Recipient> recipients) {
    /** Recipients of one message. */
    public static final int MAX_RECIPIENTS = 1_000;

    public QueueEntry {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
            throw new IllegalArgumentException(recipients.size() + " recipients");
        }
    }

    /** This entry with its recipients further on. */
    QueueEntry with(List<Recipient> changed) {
        return new QueueEntry(id, received, envelope, content, messageId, changed);
    }

    /** This entry as it is accepted: what is for other servers is due from now on. */
    QueueEntry acceptedAt(Instant now) {
        return with(
                recipients.stream()
                        .map(
                                it ->
                                        !it.isLocal()
                                                        && it.progress()
                                                                .equals(Progress.Waiting.FRESH)
                                                ? it.with(Progress.Waiting.FRESH.dueAt(now))
                                                : it)
                        .toList());
    }

    /** True when nothing is left to do for anybody. */
    boolean isDone() {
        return recipients.stream().allMatch(Recipient::isDone);
    }

    /** True when somebody's mailbox here still waits for it. */
    boolean waitsForLocal() {
        return recipients.stream().anyMatch(Recipient::waitsForLocal);
    }
}
