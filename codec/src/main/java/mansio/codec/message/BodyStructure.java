package mansio.codec.message;

import java.util.List;
import java.util.Optional;

/**
 * BODY and BODYSTRUCTURE of RFC 9051 section 7.5.2, with the offsets of each part. The kinds are
 * those of its grammar. A multipart without parts, and a message that was not looked into, have no
 * form there: they are {@link Basic} application/octet-stream, so that a client can still fetch
 * their bytes.
 */
public sealed interface BodyStructure {
    Facts facts();

    /**
     * What all kinds have. Values as they stand, CR, LF and NUL as spaces.
     *
     * @param extent gives body-fld-octets ({@link Extent#bodySize}) and body-fld-lines ({@link
     *     Extent#bodyLines})
     * @param contentType media type in lower case, parameters as written (RFC 2231 not undone)
     * @param fields unused by a multipart
     */
    record Facts(Extent extent, ContentType contentType, Fields fields, Extension extension) {}

    /**
     * Of body-fields.
     *
     * @param encoding in lower case
     */
    record Fields(Optional<String> id, Optional<String> description, String encoding) {}

    /** Of body-ext-1part and body-ext-mpart (which has no md5). */
    record Extension(
            Optional<String> md5,
            Optional<Disposition> disposition,
            List<String> languages,
            Optional<String> location) {
        static final Extension NONE =
                new Extension(Optional.empty(), Optional.empty(), List.of(), Optional.empty());

        public Extension {
            languages = List.copyOf(languages);
        }
    }

    /** body-type-mpart; has at least one child. */
    record Multipart(Facts facts, List<BodyStructure> children) implements BodyStructure {
        public Multipart {
            children = List.copyOf(children);
        }
    }

    /** body-type-msg. */
    record Message(Facts facts, Envelope envelope, BodyStructure body) implements BodyStructure {}

    /** body-type-text. */
    record Text(Facts facts) implements BodyStructure {}

    /** body-type-basic. */
    record Basic(Facts facts) implements BodyStructure {}

    /** Reads it from a parsed part; the depth is bounded by {@link Limits#depth}. */
    static BodyStructure of(Part part) {
        Facts facts = facts(part, part.contentType());
        if (!part.children().isEmpty()) {
            return new Multipart(facts, part.children().stream().map(BodyStructure::of).toList());
        }
        if (part.message().isPresent()) {
            Part message = part.message().get();
            return new Message(facts, Envelope.of(message.header()), of(message));
        }
        if (part.contentType().isText()) {
            return new Text(facts);
        }
        return opaque(part);
    }

    /** The part as bytes of which nothing more is known. */
    static BodyStructure opaque(Part part) {
        ContentType type = part.contentType();
        boolean composite = type.isMultipart() || type.isMessage();
        return new Basic(
                facts(
                        part,
                        composite
                                ? new ContentType("application", "octet-stream", type.parameters())
                                : type));
    }

    private static Facts facts(Part part, ContentType type) {
        Fields fields =
                new Fields(
                        part.id().map(Envelope::clean),
                        part.description().map(Envelope::clean),
                        Envelope.clean(part.transferEncoding()));
        Extension extension =
                new Extension(
                        part.md5().map(Envelope::clean),
                        part.disposition().map(BodyStructure::clean),
                        part.languages().stream().map(Envelope::clean).toList(),
                        part.location().map(Envelope::clean));
        ContentType cleanType =
                new ContentType(
                        Envelope.clean(type.type()),
                        Envelope.clean(type.subtype()),
                        clean(type.parameters()));
        return new Facts(part.extent(), cleanType, fields, extension);
    }

    private static Disposition clean(Disposition disposition) {
        return new Disposition(Envelope.clean(disposition.type()), clean(disposition.parameters()));
    }

    private static Parameters clean(Parameters parameters) {
        return parameters.list().isEmpty()
                ? Parameters.NONE
                : new Parameters(
                        parameters.list().stream()
                                .map(
                                        p ->
                                                new Parameters.Parameter(
                                                        Envelope.clean(p.name()),
                                                        Envelope.clean(p.value())))
                                .toList());
    }
}
