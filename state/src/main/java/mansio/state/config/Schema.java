package mansio.state.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What the record tree says of the file. */
final class Schema {
    private Schema() {}

    static RecordComponent[] components(Class<? extends Record> type) {
        return Objects.requireNonNull(type.getRecordComponents());
    }

    /** The documentation of a key; every component has one. */
    static Entry entry(RecordComponent component) {
        Entry entry = component.getAnnotation(Entry.class);
        if (entry == null) {
            throw new IllegalStateException(component + " is not documented");
        }
        return entry;
    }

    /** The key of a component: {@code messageSize} is {@code message_size}. */
    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** True for a record that is one value, such as a domain, and no table. */
    static boolean isLeaf(Class<?> type) {
        return type.getEnclosingClass() != Config.class;
    }

    /** The known key that differs least, if it differs little. */
    static Optional<String> nearest(String key, Collection<String> known) {
        return known.stream()
                .filter(it -> distance(key, it) <= 2)
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)));
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(diagonal + change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
