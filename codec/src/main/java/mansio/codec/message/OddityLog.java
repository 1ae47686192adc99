package mansio.codec.message;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Gathers oddities while parsing: all kinds, and a bounded list with offsets. */
final class OddityLog {
    private final List<Oddity> list = new ArrayList<>(0);
    private final Set<Oddity.Kind> kinds = EnumSet.noneOf(Oddity.Kind.class);

    void add(Oddity.Kind kind, long offset) {
        kinds.add(kind);
        if (list.size() < Limits.ODDITIES) {
            list.add(new Oddity(kind, offset));
        }
    }

    List<Oddity> list() {
        return list;
    }

    Set<Oddity.Kind> kinds() {
        return kinds;
    }
}
