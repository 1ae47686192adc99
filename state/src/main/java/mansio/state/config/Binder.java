package mansio.state.config;

import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fills a tree of records from a parsed file and collects every mistake. Used once, by one thread.
 */
final class Binder {
    private final List<Mistake> mistakes = new ArrayList<>();

    /** What was found wrong, in the order of lines. */
    List<Mistake> mistakes() {
        return mistakes.stream().sorted((a, b) -> Integer.compare(a.line(), b.line())).toList();
    }

    /** A table of the file, or its absence. */
    private record Place(Optional<TomlTable> table, String prefix, int line) {
        int line(String key) {
            TomlPosition position = table.map(it -> it.inputPositionOf(List.of(key))).orElse(null);
            return position == null ? line : position.line();
        }

        Optional<Object> value(String key) {
            return table.map(it -> it.get(List.of(key)));
        }
    }

    /** The whole file; empty when there is a mistake. */
    <R extends Record> Optional<R> bind(TomlTable root, Class<R> type) {
        return record(new Place(Optional.of(root), "", 0), type);
    }

    private <R extends Record> Optional<R> record(Place place, Class<R> type) {
        RecordComponent[] components = Schema.components(type);
        refuseUnknown(place, components);
        Object[] values = new Object[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            Optional<?> value = component(place, components[i]);
            complete &= value.isPresent();
            if (value.isPresent()) {
                values[i] = value.get();
            }
        }
        return complete ? Optional.of(make(type, components, values)) : Optional.empty();
    }

    private void refuseUnknown(Place place, RecordComponent[] components) {
        TreeSet<String> known = new TreeSet<>();
        Arrays.stream(components).map(Schema::key).forEach(known::add);
        for (String key : place.table.map(TomlTable::keySet).orElse(Set.of())) {
            if (!known.contains(key)) {
                String hint =
                        Schema.nearest(key, known)
                                .map(it -> "; is " + place.prefix + it + " meant?")
                                .orElse("; docs/config.md lists all");
                mistake(place.line(key), place.prefix + key + " is not a known key" + hint);
            }
        }
    }

    /** The value of one component; empty after a mistake. */
    private Optional<?> component(Place place, RecordComponent component) {
        Entry entry = Schema.entry(component);
        String key = Schema.key(component);
        Class<?> type = component.getType();
        if (type.isRecord() && !Schema.isLeaf(type)) {
            return table(place, key, type.asSubclass(Record.class));
        }
        Optional<Object> found = place.value(key);
        if (type == List.class) {
            Class<?> element = element(component.getGenericType());
            return element.isRecord() && !Schema.isLeaf(element)
                    ? tables(place, key, element.asSubclass(Record.class))
                    : list(new Slot(place, key, entry), Form.of(element));
        }
        boolean optional = type == Optional.class;
        Form form = Form.of(optional ? element(component.getGenericType()) : type);
        if (found.isPresent()) {
            Optional<Object> value = leaf(new Slot(place, key, entry), form, found.get());
            return optional && value.isPresent() ? Optional.of(value) : value;
        }
        if (optional) {
            return Optional.of(Optional.empty());
        }
        if (entry.required()) {
            mistake(place.line, place.prefix + key + " is missing: " + entry.about());
            return Optional.empty();
        }
        return Optional.of(form.parse().apply(entry.usual()[0]));
    }

    private Optional<?> table(Place place, String key, Class<? extends Record> type) {
        Optional<Object> found = place.value(key);
        if (found.isPresent() && !(found.get() instanceof TomlTable)) {
            mistake(
                    place.line(key),
                    place.prefix + key + " is a table: write [" + place.prefix + key + "]");
            return Optional.empty();
        }
        Optional<TomlTable> table = found.map(TomlTable.class::cast);
        return record(new Place(table, place.prefix + key + ".", place.line(key)), type);
    }

    private Optional<List<Object>> tables(Place place, String key, Class<? extends Record> type) {
        List<Object> records = new ArrayList<>();
        Optional<Object> found = place.value(key);
        if (found.isEmpty()) {
            return Optional.of(records);
        }
        if (!(found.get() instanceof TomlArray array)
                || !array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            mistake(
                    place.line(key),
                    place.prefix + key + " is a list of tables: write [[" + key + "]]");
            return Optional.empty();
        }
        boolean complete = true;
        for (int i = 0; i < array.size(); i++) {
            Place inside =
                    new Place(
                            Optional.of(array.getTable(i)),
                            place.prefix + key + ".",
                            array.inputPositionOf(i).line());
            Optional<? extends Record> value = record(inside, type);
            complete &= value.isPresent();
            value.ifPresent(records::add);
        }
        return complete ? Optional.of(records) : Optional.empty();
    }

    /** A key at its place, with its documentation. */
    private record Slot(Place place, String key, Entry entry) {
        String name() {
            return place.prefix + key;
        }
    }

    private Optional<List<Object>> list(Slot slot, Form form) {
        List<Object> values = new ArrayList<>();
        Optional<Object> found = slot.place.value(slot.key);
        if (found.isEmpty()) {
            for (String usual : slot.entry.usual()) {
                values.add(form.parse().apply(usual));
            }
            return Optional.of(values);
        }
        if (!(found.get() instanceof TomlArray array)) {
            mistake(slot, " is a list: write " + slot.key + " = [...]");
            return Optional.empty();
        }
        boolean complete = true;
        for (int i = 0; i < array.size(); i++) {
            Optional<Object> value = leaf(slot, form, array.get(i));
            complete &= value.isPresent();
            value.ifPresent(values::add);
        }
        return complete ? Optional.of(values) : Optional.empty();
    }

    private Optional<Object> leaf(Slot slot, Form form, Object found) {
        boolean fits =
                form.quoted()
                        ? found instanceof String
                        : found instanceof Long || found instanceof Boolean;
        if (!fits) {
            mistake(slot, " must be " + form.words());
            return Optional.empty();
        }
        long min = slot.entry.min();
        long max = slot.entry.max();
        try {
            Object value = form.parse().apply(String.valueOf(found));
            long amount = form.amount().apply(value).orElse(min);
            if (amount < min || amount > max) {
                throw new IllegalArgumentException("not between " + min + " and " + max);
            }
            return Optional.of(value);
        } catch (IllegalArgumentException e) {
            mistake(slot, " is " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Class<?> element(Type generic) {
        return (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
    }

    private static <R extends Record> R make(
            Class<R> type, RecordComponent[] components, Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return Objects.requireNonNull(constructor.newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void mistake(Slot slot, String what) {
        mistake(slot.place.line(slot.key), slot.name() + what);
    }

    private void mistake(int line, String sentence) {
        mistakes.add(new Mistake(line, sentence));
    }
}
