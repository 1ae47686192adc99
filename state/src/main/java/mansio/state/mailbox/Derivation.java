package mansio.state.mailbox;

import mansio.codec.message.BaseSubject;
import mansio.codec.message.Header;
import mansio.codec.message.MessageFacts;
import mansio.codec.message.MessageIds;
import mansio.codec.message.ParsedMessage;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes {@link Derived} of a parsed message, for deliveries, APPEND and whoever else brings a
 * message in. The header cache is the message's own header as it stands there, so that a search for
 * header fields, or a FETCH of some, opens no body; a header longer than {@link
 * Derived#MAX_HEADERS_BYTES} is not cached.
 */
public final class Derivation {
    private Derivation() {}

    /** What is kept beside the message. */
    public static Derived of(ParsedMessage message) {
        Header header = message.header();
        byte[] headers = header.size() <= Derived.MAX_HEADERS_BYTES ? header.raw() : new byte[0];
        return new Derived(MessageFacts.of(message).encode(), headers, threadKeys(header));
    }

    private static ThreadKeys threadKeys(Header header) {
        List<String> ids = new ArrayList<>();
        MessageIds.first(header.value("Message-ID").orElse("")).ifPresent(ids::add);
        ids.addAll(MessageIds.references(header));
        String subject = BaseSubject.of(header.value("Subject").orElse("")).text();
        return ids.isEmpty() && subject.isEmpty() ? ThreadKeys.NONE : new ThreadKeys(ids, subject);
    }
}
