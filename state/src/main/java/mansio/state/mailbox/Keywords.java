package mansio.state.mailbox;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keywords of an account, numbered in the order of their first use. A number is never reused.
 * Immutable.
 */
final class Keywords {
    static final Keywords NONE = new Keywords(List.of());

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    private Keywords(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) numbers.put(Flags.fold(names.get(i)), i);
    }

    /** This dictionary with all keywords of {@code flags}; empty when it would get too large. */
    Optional<Keywords> including(Flags flags, int limit) {
        if (knowsAll(flags)) return Optional.of(this);
        List<String> more = new ArrayList<>(names);
        for (String keyword : flags.keywords()) {
            if (!numbers.containsKey(Flags.fold(keyword))) more.add(keyword);
        }
        return more.size() > limit ? Optional.empty() : Optional.of(new Keywords(more));
    }

    /** The flags without keywords that are not known here. */
    Flags known(Flags flags) {
        if (knowsAll(flags)) return canonical(flags);
        List<String> known = new ArrayList<>(flags.keywords());
        known.removeIf(keyword -> !numbers.containsKey(Flags.fold(keyword)));
        return canonical(Flags.ofBits(flags.systemBits(), known));
    }

    /** The flags with the spelling of the dictionary, which knows them all. */
    Flags canonical(Flags flags) {
        if (flags.keywords().isEmpty()) return flags;
        List<String> spelled = new ArrayList<>();
        for (String keyword : flags.keywords()) spelled.add(names.get(number(keyword)));
        return Flags.ofBits(flags.systemBits(), spelled);
    }

    boolean knowsAll(Flags flags) {
        for (String keyword : flags.keywords()) {
            if (!numbers.containsKey(Flags.fold(keyword))) return false;
        }
        return true;
    }

    int number(String keyword) {
        Integer number = numbers.get(Flags.fold(keyword));
        if (number == null) throw new IllegalStateException("keyword without number: " + keyword);
        return number;
    }

    String name(int number) {
        return names.get(number);
    }

    byte[] toBytes() {
        ValueWriter out = new ValueWriter().varint(names.size());
        names.forEach(out::text);
        return out.toBytes();
    }

    static Keywords ofBytes(byte[] bytes) {
        ValueReader in = new ValueReader(bytes);
        int count = in.count();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) names.add(in.text());
        return new Keywords(names);
    }
}
