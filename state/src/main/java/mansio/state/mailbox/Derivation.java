package mansio.state.mailbox;

import mansio.codec.message.BaseSubject;
import mansio.codec.message.Header;
import mansio.codec.message.MessageFacts;
import mansio.codec.message.MessageIds;
import mansio.codec.message.Oddity;
import mansio.codec.message.ParsedMessage;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes {@link Derived} of a parsed message, for deliveries, APPEND and whoever else brings a
 * message in. The facts are {@link MessageFacts}; the header cache is the header as it stands,
 * without its final empty line, when it was kept whole: {@link Header#parse} reads it. No state;
 * any thread.
 */
public final class Derivation {
    private Derivation() {}

    /** What is kept beside the message. */
    public static Derived of(ParsedMessage message) {
        return new Derived(
                MessageFacts.of(message).encode(), headers(message), threadKeys(message.header()));
    }

    private static byte[] headers(ParsedMessage message) {
        boolean whole =
                !message.has(Oddity.Kind.HEADER_TOO_LARGE)
                        && !message.has(Oddity.Kind.TOO_MANY_FIELDS);
        byte[] raw = whole ? message.header().raw() : new byte[0];
        return raw.length <= Derived.MAX_HEADERS_BYTES ? raw : new byte[0];
    }

    private static ThreadKeys threadKeys(Header header) {
        List<String> ids = new ArrayList<>();
        header.value("Message-ID").flatMap(MessageIds::first).ifPresent(ids::add);
        ids.addAll(MessageIds.references(header));
        String subject = header.value("Subject").orElse("");
        return new ThreadKeys(ids, BaseSubject.of(subject).text());
    }
}
