package mansio.codec.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages for tests. */
final class Samples {
    private Samples() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message written with LF, as on the wire: CRLF. */
    static byte[] crlf(String text) {
        return bytes(text.replace("\n", "\r\n"));
    }

    static byte[] resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/mime/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all messages of the corpus. */
    static List<String> corpus() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            names.add("rfc/00" + i + ".eml");
        }
        for (int i = 0; i < 23; i++) {
            names.add("malformed/0%02d.eml".formatted(i));
        }
        return names;
    }

    /** A part and all below it, in the order of the bytes. */
    static List<Part> all(Part root) {
        List<Part> parts = new ArrayList<>();
        collect(root, parts);
        return parts;
    }

    private static void collect(Part part, List<Part> into) {
        into.add(part);
        part.children().forEach(child -> collect(child, into));
        part.message().ifPresent(message -> collect(message, into));
    }

    /** One line a part: section, type, offsets, lines. */
    static String outline(Part part) {
        StringBuilder out = new StringBuilder();
        outline(part, "0", out);
        return out.toString();
    }

    private static void outline(Part part, String section, StringBuilder out) {
        Extent extent = part.extent();
        out.append(section)
                .append(' ')
                .append(part.contentType().mediaType())
                .append(' ')
                .append(extent.headerStart())
                .append(' ')
                .append(extent.bodyStart())
                .append(' ')
                .append(extent.bodyEnd())
                .append(' ')
                .append(extent.bodyLines())
                .append('\n');
        for (int i = 0; i < part.children().size(); i++) {
            outline(part.children().get(i), section + "." + (i + 1), out);
        }
        part.message().ifPresent(message -> outline(message, section + ".m", out));
    }
}
