package mansio.serve.dropfolder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The header of a message that a local program wrote, perhaps none. Read once; what goes out is
 * {@link #completed}.
 */
final class LocalHeader {
    /** Longer ones are refused. */
    static final int MAX_BYTES = 256 << 10;

    private static final Set<String> ADDRESS_FIELDS =
            Set.of("from", "sender", "reply-to", "to", "cc", "bcc");

    /** For us or by us, and nobody else's business. */
    private static final Set<String> DROPPED = Set.of("bcc", "resent-bcc", "return-path");

    private static final String RESENT = "resent-";

    private final List<Field> fields = new ArrayList<>();
    private int bytes;
    private Optional<byte[]> firstBodyLine = Optional.empty();

    /** One field, its lines ended by CRLF; the name is in lower case. */
    private record Field(String name, String text) {}

    private LocalHeader() {}

    /**
     * Reads it from the start of a message, up to the empty line. A line that is no field ends it,
     * too: somebody typed a text without any header. The "From " line of a mailbox file is skipped.
     */
    static LocalHeader read(LocalLines lines) throws IOException {
        LocalHeader header = new LocalHeader();
        boolean first = true;
        while (header.bytes <= MAX_BYTES && lines.next()) {
            String line = new String(lines.line(), ISO_8859_1);
            if (line.isEmpty()) break;
            boolean mailboxLine = first && (line.startsWith("From ") || line.startsWith(">From "));
            first = false;
            if (mailboxLine) continue;
            if (!header.add(line)) {
                header.firstBodyLine = Optional.of(line.getBytes(ISO_8859_1));
                break;
            }
        }
        return header;
    }

    /** True when there was more than is read. */
    boolean tooLong() {
        return bytes > MAX_BYTES;
    }

    /** The line that ended the header and is part of the body. */
    Optional<byte[]> firstBodyLine() {
        return firstBodyLine;
    }

    private boolean add(String line) {
        char c = line.charAt(0);
        if ((c == ' ' || c == '\t') && !fields.isEmpty()) {
            Field last = fields.removeLast();
            fields.add(new Field(last.name, last.text + line + "\r\n"));
        } else {
            int end = nameEnd(line);
            if (end < 0) return false;
            String name = line.substring(0, end).strip().toLowerCase(Locale.ROOT);
            fields.add(new Field(name, line + "\r\n"));
        }
        bytes += line.length() + 2;
        return true;
    }

    /** Where the colon is; negative when the line begins no field (RFC 5322 section 2.2, 4.5). */
    private static int nameEnd(String line) {
        int end = 0;
        while (end < line.length() && isNameChar(line.charAt(end))) end++;
        int colon = end;
        while (colon < line.length() && (line.charAt(colon) == ' ' || line.charAt(colon) == '\t'))
            colon++;
        return end > 0 && colon < line.length() && line.charAt(colon) == ':' ? colon : -1;
    }

    private static boolean isNameChar(char c) {
        return c > ' ' && c < 0x7f && c != ':';
    }

    /** The first fields as they came, as far as they fit; Bcc and its like left out. */
    byte[] original(int maxBytes) {
        StringBuilder some = new StringBuilder();
        for (Field field : fields) {
            if (DROPPED.contains(field.name)) continue;
            if (some.length() + field.text.length() > maxBytes) break;
            some.append(field.text);
        }
        return some.toString().getBytes(ISO_8859_1);
    }

    boolean has(String name) {
        String wanted = Ascii.lower(name);
        return fields.stream().anyMatch(field -> field.name.equals(wanted));
    }

    /**
     * Whom the header names: To, Cc and Bcc, or those of Resent- when there are any.
     *
     * @return address lists, one a field
     */
    List<String> recipients() {
        boolean resent = fields.stream().anyMatch(field -> isRecipient(field.name, RESENT));
        Header header = Header.parse((print(Optional.empty()) + "\r\n").getBytes(ISO_8859_1));
        List<String> lists = new ArrayList<>();
        for (HeaderField field : header.fields()) {
            if (isRecipient(Ascii.lower(field.name()), resent ? RESENT : ""))
                lists.add(field.unfolded());
        }
        return lists;
    }

    private static boolean isRecipient(String name, String prefix) {
        return name.equals(prefix + "to")
                || name.equals(prefix + "cc")
                || name.equals(prefix + "bcc");
    }

    /**
     * The header for the queue, with the empty line: without Bcc, addresses completed, with From,
     * and with what says how to read an 8-bit body that says nothing itself.
     */
    byte[] completed(Author author, Optional<String> charset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 200);
        out.writeBytes(print(Optional.of(author.domain())).getBytes(ISO_8859_1));
        if (!has("From")) {
            String mailbox = FieldPrinter.mailbox(author.name(), author.address());
            out.writeBytes(FieldPrinter.structured("From", List.of(mailbox)));
        }
        if (charset.isPresent() && !has("MIME-Version") && !has("Content-Type")) {
            out.writeBytes(
                    ("MIME-Version: 1.0\r\nContent-Type: text/plain; charset="
                                    + charset.get()
                                    + "\r\nContent-Transfer-Encoding: 8bit\r\n")
                            .getBytes(ISO_8859_1));
        }
        out.writeBytes(new byte[] {'\r', '\n'});
        return out.toByteArray();
    }

    /**
     * Whose message it is, when it does not say.
     *
     * @param domain what completes addresses without one
     */
    record Author(String name, Address address, Domain domain) {}

    /** Its subject as it stands, unfolded; empty when it has none. */
    String subject() {
        Header header = Header.parse((print(Optional.empty()) + "\r\n").getBytes(ISO_8859_1));
        return header.value("Subject").orElse("");
    }

    /** With a domain: as it goes out; without: as it came. */
    private String print(Optional<Domain> domain) {
        StringBuilder text = new StringBuilder(bytes);
        for (Field field : fields) {
            if (domain.isEmpty()) text.append(field.text);
            else if (!DROPPED.contains(field.name)) text.append(qualified(field, domain.get()));
        }
        return text.toString();
    }

    private static String qualified(Field field, Domain domain) {
        String name = field.name.startsWith(RESENT) ? field.name.substring(7) : field.name;
        if (!ADDRESS_FIELDS.contains(name)) return field.text;
        int colon = field.text.indexOf(':') + 1;
        String value = field.text.substring(colon);
        return field.text.substring(0, colon) + Qualifier.qualify(value, domain);
    }
}
