package mansio.state.mailbox;

import java.util.List;

/**
 * What says which messages belong together: a message joins the thread of an earlier one that
 * shares an id and the base subject (RFC 8621 section 3). Threads never merge.
 *
 * @param messageIds Message-ID, In-Reply-To and References without angle brackets, the own one
 *     first; those over {@link #MAX_IDS} are dropped from the middle
 * @param baseSubject as RFC 5256 section 2.1 makes it
 */
public record ThreadKeys(List<String> messageIds, String baseSubject) {
    /** Ids looked at for one message. */
    public static final int MAX_IDS = 20;

    /** A message that joins nothing. */
    public static final ThreadKeys NONE = new ThreadKeys(List.of(), "");

    public ThreadKeys {
        List<String> distinct = messageIds.stream().distinct().toList();
        int size = distinct.size();
        messageIds =
                size <= MAX_IDS
                        ? distinct
                        : java.util.stream.Stream.concat(
                                        distinct.stream().limit(2),
                                        distinct.stream().skip(size - (MAX_IDS - 2)))
                                .toList();
    }
}
