package mansio.codec.message;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What parsing gave.
 *
 * @param root the message itself
 * @param size bytes in all
 * @param oddities the first oddities with their offsets
 * @param oddityKinds every kind of oddity met
 */
public record ParsedMessage(
        Part root, long size, List<Oddity> oddities, Set<Oddity.Kind> oddityKinds) {
    public ParsedMessage {
        oddities = List.copyOf(oddities);
        Set<Oddity.Kind> kinds = EnumSet.noneOf(Oddity.Kind.class);
        kinds.addAll(oddityKinds);
        oddityKinds = Collections.unmodifiableSet(kinds);
    }

    /**
     * This message with more fields in front: what parsing it again would give, for who puts trace
     * fields there after the last byte has come.
     *
     * @param fields whole fields, each with its line break; none that says how the body is to be
     *     read
     */
    public ParsedMessage behind(byte[] fields) {
        Part moved = root.shifted(fields.length);
        Extent extent = moved.extent();
        Part whole =
                new Part(
                        root.header().behind(fields),
                        new Extent(0, extent.bodyStart(), extent.bodyEnd(), extent.bodyLines()),
                        root.contentType(),
                        root.transferEncoding(),
                        moved.children(),
                        moved.message());
        List<Oddity> shifted =
                oddities.stream()
                        .map(it -> new Oddity(it.kind(), it.offset() + fields.length))
                        .toList();
        return new ParsedMessage(whole, size + fields.length, shifted, oddityKinds);
    }

    public Header header() {
        return root.header();
    }

    public boolean has(Oddity.Kind kind) {
        return oddityKinds.contains(kind);
    }
}
