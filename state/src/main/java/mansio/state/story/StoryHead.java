package mansio.state.story;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.nio.charset.StandardCharsets;
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
 * @param recipients the forward-paths, the first {@link #MAX_RECIPIENTS} of them, fewer where they
 *     are long: a head fits a value
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

    /** UTF-8 octets of all of them; the lines of the story need room beside them. */
    private static final int MAX_RECIPIENT_BYTES = 32 << 10;

    public StoryHead {
        recipients = fitting(recipients);
    }

    private static List<String> fitting(List<String> recipients) {
        List<String> fitting = new ArrayList<>(Math.min(recipients.size(), MAX_RECIPIENTS));
        int bytes = 0;
        for (String each : recipients) {
            bytes += each.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_RECIPIENT_BYTES || fitting.size() == MAX_RECIPIENTS) break;
            fitting.add(each);
        }
        return List.copyOf(fitting);
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
