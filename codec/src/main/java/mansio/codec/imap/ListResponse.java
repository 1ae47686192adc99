package mansio.codec.imap;

import java.util.List;
import java.util.Optional;

/**
 * RFC 9051 9: mailbox-list.
 *
 * @param attributes such as {@code \HasChildren} or {@code \Sent}
 * @param delimiter between the levels of a name; every mailbox has it here
 */
public record ListResponse(
        List<String> attributes, char delimiter, String mailbox, Extended extended) {
    /**
     * RFC 9051 9: mbox-list-extended.
     *
     * @param childInfo the selection options that a child matched: RFC 5258 section 3.5
     * @param oldName what the client called it, where it has another name: RFC 9051 section 6.3.9.7
     */
    public record Extended(List<String> childInfo, Optional<String> oldName) {
        public static final Extended NONE = new Extended(List.of(), Optional.empty());
    }

    public ListResponse {
        attributes = List.copyOf(attributes);
    }
}
