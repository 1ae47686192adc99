package mansio.serve.imapserver;

import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.Extent;

import java.util.List;
import java.util.Optional;

/**
 * Finds parts by their numbers: RFC 9051 section 6.4.5, BODY[section]. Every message has a part 1:
 * one that is no multipart is its own part 1.
 */
final class Parts {
    private Parts() {}

    /** Octets of a message, from {@code start} to before {@code end}. */
    record Range(long start, long end) {
        static final Range NONE = new Range(0, 0);

        long length() {
            return end - start;
        }
    }

    /** The part of that number; empty when there is none. The empty number is the message. */
    static Optional<BodyStructure> find(BodyStructure root, List<Integer> part) {
        Optional<BodyStructure> found = Optional.of(root);
        for (int i = 0; i < part.size() && found.isPresent(); i++) {
            int number = part.get(i);
            found =
                    i == 0
                            ? inMessage(root, number)
                            : switch (found.get()) {
                                case BodyStructure.Multipart multipart -> child(multipart, number);
                                case BodyStructure.Message message ->
                                        inMessage(message.body(), number);
                                case BodyStructure.Text _, BodyStructure.Basic _ ->
                                        Optional.empty();
                            };
        }
        return found;
    }

    private static Optional<BodyStructure> inMessage(BodyStructure body, int number) {
        if (body instanceof BodyStructure.Multipart multipart) {
            return child(multipart, number);
        }
        return number == 1 ? Optional.of(body) : Optional.empty();
    }

    private static Optional<BodyStructure> child(BodyStructure.Multipart multipart, int number) {
        return number <= multipart.children().size()
                ? Optional.of(multipart.children().get(number - 1))
                : Optional.empty();
    }

    /**
     * Where a section's octets lie; of HEADER.FIELDS the whole header, to be filtered.
     *
     * @return empty when there is no such part
     */
    static Optional<Range> range(BodyStructure root, long messageSize, Section section) {
        if (section.part().isEmpty() && section.text() instanceof SectionText.Whole) {
            return Optional.of(new Range(0, messageSize));
        }
        Optional<BodyStructure> found = find(root, section.part());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Extent own = found.get().facts().extent();
        // HEADER and TEXT of a part are those of the message in it.
        Optional<Extent> message =
                section.part().isEmpty()
                        ? Optional.of(own)
                        : found.get() instanceof BodyStructure.Message inner
                                ? Optional.of(inner.body().facts().extent())
                                : Optional.empty();
        return switch (section.text()) {
            case SectionText.Whole _ -> Optional.of(body(own));
            case SectionText.Mime _ -> Optional.of(header(own));
            case SectionText.Text _ -> message.map(Parts::body);
            case SectionText.Header _, SectionText.HeaderFields _, SectionText.HeaderFieldsNot _ ->
                    message.map(Parts::header);
        };
    }

    private static Range body(Extent extent) {
        return new Range(extent.bodyStart(), extent.bodyEnd());
    }

    private static Range header(Extent extent) {
        return new Range(extent.headerStart(), extent.bodyStart());
    }
}
