package mansio.state.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Prints the schema: the page docs/config.md, and a sample file. */
public final class Reference {
    private static final int COLUMNS = 100;

    private Reference() {}

    /** The reference page, in Markdown. */
    public static String page() {
        StringBuilder out = new StringBuilder();
        out.append("# The configuration file\n\n")
                .append(
                        "One TOML file of facts, named by `mansio serve --config FILE`. An unknown"
                                + " key or a wrong")
                .append(
                        " value is an error with its line,\n"
                                + "and the server does not start; all mistakes are told at")
                .append(" once. `mansio serve --local` needs no file.\n\n")
                .append(
                        "Domains, accounts and aliases are not configured here but changed live:"
                                + " `mansio domain`,")
                .append(" `mansio account`,\n`mansio alias`.\n\n")
                .append(
                        "This page is printed from `mansio.state.config.Config`; a test"
                                + " compares.\n");
        table(out, Config.class, "");
        return out.toString();
    }

    private static void table(StringBuilder out, Class<? extends Record> type, String prefix) {
        out.append("\n| Key | Value | Default | |\n|---|---|---|---|\n");
        for (RecordComponent component : Schema.components(type)) {
            if (nested(component).isEmpty()) {
                Entry entry = Schema.entry(component);
                out.append("| `").append(prefix).append(Schema.key(component)).append("` | ");
                out.append(words(component))
                        .append(" | ")
                        .append(usual(component, entry))
                        .append(" | ");
                out.append(entry.about()).append(" |\n");
            }
        }
        for (RecordComponent component : Schema.components(type)) {
            for (Class<? extends Record> nested : nested(component)) {
                String key = prefix + Schema.key(component);
                out.append("\n## ").append(header(component, key)).append("\n\n");
                out.append(Schema.entry(component).about()).append('\n');
                table(out, nested, key + ".");
            }
        }
    }

    private static String usual(RecordComponent component, Entry entry) {
        if (entry.required()) {
            return "must be given";
        }
        boolean list = component.getType() == List.class;
        if (entry.usual().length == 0) {
            return list ? "`[]`" : "none";
        }
        return "`" + value(component, entry) + "`";
    }

    /** The default as it stands in a file. */
    private static String value(RecordComponent component, Entry entry) {
        boolean quoted = Form.of(leaf(component)).quoted();
        String values =
                Arrays.stream(entry.usual())
                        .map(it -> quoted ? '"' + it + '"' : it)
                        .collect(Collectors.joining(", "));
        return component.getType() == List.class ? "[" + values + "]" : values;
    }

    private static String words(RecordComponent component) {
        Form form = Form.of(leaf(component));
        Entry entry = Schema.entry(component);
        boolean number = leaf(component) == int.class;
        String bounds = number ? ", " + entry.min() + " to " + entry.max() : "";
        return (component.getType() == List.class ? "a list of: " : "") + form.words() + bounds;
    }

    private static Class<?> leaf(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType generic
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : component.getType();
    }

    /** The record behind a table or a list of tables; none for a plain value. */
    private static List<Class<? extends Record>> nested(RecordComponent component) {
        Class<?> type = leaf(component);
        return type.isRecord() && !Schema.isLeaf(type)
                ? List.of(type.asSubclass(Record.class))
                : List.of();
    }

    private static String header(RecordComponent component, String key) {
        return component.getType() == List.class ? "[[" + key + "]]" : "[" + key + "]";
    }

    /**
     * A file with every key, defaults commented out.
     *
     * @param hostname of the server it is for
     */
    public static String sample(String hostname) {
        StringBuilder out = new StringBuilder("# The configuration of a Mansio server.\n");
        sample(out, Config.class, "", hostname);
        return out.toString();
    }

    private static void sample(
            StringBuilder out, Class<? extends Record> type, String prefix, String hostname) {
        for (RecordComponent component : Schema.components(type)) {
            if (nested(component).isEmpty()) {
                Entry entry = Schema.entry(component);
                comment(out, entry.about());
                String key = Schema.key(component);
                if (key.equals("hostname")) {
                    out.append(key).append(" = \"").append(hostname).append("\"\n");
                } else if (entry.usual().length == 0 && component.getType() != List.class) {
                    out.append("#").append(key).append(" = ...\n");
                } else {
                    out.append("#")
                            .append(key)
                            .append(" = ")
                            .append(value(component, entry))
                            .append('\n');
                }
            }
        }
        for (RecordComponent component : Schema.components(type)) {
            for (Class<? extends Record> nested : nested(component)) {
                String key = prefix + Schema.key(component);
                comment(out, Schema.entry(component).about());
                boolean list = component.getType() == List.class;
                out.append(list ? "#" : "").append(header(component, key)).append('\n');
                sample(out, nested, key + ".", hostname);
            }
        }
    }

    private static void comment(StringBuilder out, String text) {
        out.append('\n');
        StringBuilder line = new StringBuilder("#");
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                out.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }
}
