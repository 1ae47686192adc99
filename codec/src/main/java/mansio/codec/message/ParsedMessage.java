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

    public Header header() {
        return root.header();
    }

    public boolean has(Oddity.Kind kind) {
        return oddityKinds.contains(kind);
    }
}
