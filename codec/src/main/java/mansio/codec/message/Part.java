package mansio.codec.message;

import mansio.codec.text.Ascii;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entity of RFC 2045 section 2.4: a message or a part of one. Immutable.
 *
 * @param header its fields, as far as they were kept
 * @param extent where it lies in the message that was parsed
 * @param contentType as declared, or what the RFC says for none or a malformed one
 * @param transferEncoding Content-Transfer-Encoding in lower case; {@code 7bit} when there is none
 * @param children of a multipart, in order; empty for one that has no parts or is opaque
 * @param message the message within a message/rfc822 or message/global; empty when it is encoded or
 *     too deep
 */
public record Part(
        Header header,
        Extent extent,
        ContentType contentType,
        String transferEncoding,
        List<Part> children,
        Optional<Part> message) {
    private static final int MAX_LANGUAGES = 50;

    public Part {
        children = List.copyOf(children);
    }

    /** The same entity in a message that has {@code bytes} more in front. */
    Part shifted(long bytes) {
        return new Part(
                header.shifted(bytes),
                extent.shifted(bytes),
                contentType,
                transferEncoding,
                children.stream().map(child -> child.shifted(bytes)).toList(),
                message.map(inner -> inner.shifted(bytes)));
    }

    /** Content-Disposition. */
    public Optional<Disposition> disposition() {
        return header.value("Content-Disposition").flatMap(Disposition::parse);
    }

    /** Content-ID as it stands, brackets included. */
    public Optional<String> id() {
        return header.value("Content-ID");
    }

    /** Content-Description as it stands, encoded words not decoded. */
    public Optional<String> description() {
        return header.value("Content-Description");
    }

    /** Content-MD5 as it stands (RFC 1864). */
    public Optional<String> md5() {
        return header.value("Content-MD5");
    }

    /** Content-Location as it stands (RFC 2557). */
    public Optional<String> location() {
        return header.value("Content-Location");
    }

    /** The tags of Content-Language (RFC 3282). */
    public List<String> languages() {
        List<String> tags = new ArrayList<>();
        for (String tag : header.value("Content-Language").orElse("").split(",", MAX_LANGUAGES)) {
            String clean = tag.strip();
            if (!clean.isEmpty()) {
                tags.add(clean);
            }
        }
        return tags;
    }

    /** The file name of the disposition, else the name of the content type; never to be trusted. */
    public Optional<String> filename() {
        Optional<String> filename = disposition().flatMap(Disposition::filename);
        return filename.isPresent() ? filename : contentType.parameters().value("name");
    }

    /** True when Content-Transfer-Encoding changes no bytes. */
    public boolean isIdentityEncoded() {
        return isIdentity(transferEncoding);
    }

    static boolean isIdentity(String encoding) {
        return encoding.equals("7bit") || encoding.equals("8bit") || encoding.equals("binary");
    }

    // RFC 2045 6.1: encoding := "Content-Transfer-Encoding" ":" mechanism
    static String mechanism(String value) {
        String clean = Ascii.lower(value.strip());
        int end = 0;
        while (end < clean.length() && " \t(;".indexOf(clean.charAt(end)) < 0) {
            end++;
        }
        return end == 0 ? "7bit" : clean.substring(0, end);
    }
}
