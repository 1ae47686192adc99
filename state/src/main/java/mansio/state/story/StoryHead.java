package mansio.state.story;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a message is known by.
 *
 * @param queueId the queue's id of it, as a number
 * @param received when it was accepted
 * @param messageId its Message-ID field without the angle brackets; empty when it has none
 * @param sender the reverse-path, {@code <>} for none
 * @param recipients the forward-paths, the first {@link #MAX_RECIPIENTS} of them
 * @param recipientCount how many there are in all
 * @param size bytes
 */
public record StoryHead(
        long queueId,
        Instant received,
        String messageId,
        String sender,
        List<String> recipients,
        int recipientCount,
        long size) {
    /** Recipients by which a message can be found. */
    public static final int MAX_RECIPIENTS = 100;

    public StoryHead {
        recipients =
                List.copyOf(
                        recipients.size() > MAX_RECIPIENTS
                                ? recipients.subList(0, MAX_RECIPIENTS)
                                : recipients);
    }

    void writeTo(ValueWriter out) {
        out.u64(queueId).instant(received).text(messageId).text(sender).varint(recipients.size());
        recipients.forEach(out::text);
        out.varint(recipientCount).varint(size);
    }

    static StoryHead readFrom(ValueReader in) {
        long queueId = in.u64();
        Instant received = in.instant();
        String messageId = in.text();
        String sender = in.text();
        int count = in.count();
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) recipients.add(in.text());
        return new StoryHead(
                queueId, received, messageId, sender, recipients, in.count(), in.varint());
    }
}
