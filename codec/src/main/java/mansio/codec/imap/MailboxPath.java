package mansio.codec.imap;

import mansio.codec.text.MailboxNameUtf7;
import mansio.codec.text.SyntaxException;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * RFC 9051 9: mailbox, as Unicode text. {@code INBOX} in any case is {@code INBOX}; every other
 * name is as the client spelt it. Whether such a mailbox may exist is not decided here.
 */
public record MailboxPath(String value) {
    /** What is not read at all; which names mailboxes may have is decided elsewhere. */
    static final int MAX_OCTETS = MailboxNameUtf7.MAX_LENGTH;

    public static final MailboxPath INBOX = new MailboxPath("INBOX");

    /** How a client and we write mailbox names on this connection. */
    public enum Form {
        /** IMAP4rev1: RFC 3501 section 5.1.3. */
        UTF7("modified UTF-7"),
        /** After ENABLE IMAP4rev2 or UTF8=ACCEPT: RFC 9051 section 5.1, RFC 6855 section 3. */
        UTF8("UTF-8");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    public MailboxPath {
        if (value.equalsIgnoreCase("INBOX")) {
            value = "INBOX";
        }
    }

    public boolean isInbox() {
        return value.equals("INBOX");
    }

    /** Empty when the octets are not in the form. */
    static Optional<MailboxPath> decode(byte[] octets, Form form) {
        return decodeText(octets, form).map(MailboxPath::new);
    }

    /** The same for patterns and references of LIST, where INBOX means nothing special. */
    static Optional<String> decodeText(byte[] octets, Form form) {
        return switch (form) {
            case UTF7 -> utf7(octets);
            case UTF8 -> utf8(octets);
        };
    }

    private static Optional<String> utf7(byte[] octets) {
        try {
            String coded = new String(octets, StandardCharsets.ISO_8859_1);
            return Optional.of(MailboxNameUtf7.decode(coded));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The octets of {@code name}, before quoting. */
    static byte[] encode(String name, Form form) {
        return switch (form) {
            case UTF7 -> MailboxNameUtf7.encode(name).getBytes(StandardCharsets.US_ASCII);
            case UTF8 -> name.getBytes(StandardCharsets.UTF_8);
        };
    }
}
