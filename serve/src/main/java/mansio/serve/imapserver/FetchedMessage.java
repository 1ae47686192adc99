package mansio.serve.imapserver;

import mansio.codec.message.MessageFacts;
import mansio.codec.message.MessageParser;
import mansio.codec.text.SyntaxException;
import mansio.state.mailbox.Email;
import mansio.state.mailbox.MailAccount;
import mansio.state.store.ContentReader;

import java.io.IOException;
import java.util.Optional;

/** A message that FETCH or SEARCH looks into. What was derived of it is decoded when asked for. */
final class FetchedMessage {
    private final MailAccount mail;
    private final Email email;
    private final byte[] cachedHeader;
    private Optional<MessageFacts> facts = Optional.empty();

    FetchedMessage(MailAccount mail, Email email) {
        this(mail, email, new byte[0]);
    }

    /**
     * @param cachedHeader the fields of the message's own header as they stand; empty when they are
     *     not at hand
     */
    FetchedMessage(MailAccount mail, Email email, byte[] cachedHeader) {
        this.mail = mail;
        this.email = email;
        this.cachedHeader = cachedHeader;
    }

    /** The fields of the message's own header, at most {@link HeaderFilter#MAX_BYTES} of them. */
    byte[] header() throws IOException {
        if (cachedHeader.length > 0) {
            return cachedHeader;
        }
        long end = facts().structure().facts().extent().bodyStart();
        return SectionReader.header(this, new Parts.Range(0, end));
    }

    Email email() {
        return email;
    }

    /** A reader at the message's beginning. */
    ContentReader open() {
        return mail.open(email.content());
    }

    MessageFacts facts() throws IOException {
        if (facts.isEmpty()) {
            facts = Optional.of(read());
        }
        return facts.get();
    }

    private MessageFacts read() throws IOException {
        if (email.facts().length > 0) {
            try {
                return MessageFacts.decode(email.facts());
            } catch (SyntaxException e) {
                // Of another version, or damaged: the message itself knows.
            }
        }
        return parsed();
    }

    private MessageFacts parsed() throws IOException {
        MessageParser parser = new MessageParser();
        ContentReader content = open();
        byte[] buffer = new byte[8192];
        int count = content.read(buffer, 0, buffer.length);
        while (count > 0) {
            parser.feed(buffer, 0, count);
            count = content.read(buffer, 0, buffer.length);
        }
        return MessageFacts.of(parser.finish());
    }
}
