package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A corpus read by another library as the judge. Where we differ on purpose, differences.txt says
 * so: file and case, then our result, then the reason. A difference that is gone must leave it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CorpusTest {
    private final Map<String, String> known = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    CorpusTest() {
        String text = new String(Samples.resource("differences.txt"), StandardCharsets.UTF_8);
        for (String line : text.split("\n")) {
            String[] columns = line.split(" \\| ");
            if (columns.length == 3) {
                known.put(columns[0].strip(), columns[1].strip());
            }
        }
    }

    @AfterAll
    void noStaleDifferences() {
        Set<String> stale = new HashSet<>(known.keySet());
        stale.removeAll(used);
        assertThat(stale).isEmpty();
    }

    private void compare(String key, String ours, String theirs, List<String> failures) {
        if (ours.strip().equals(theirs.strip())) {
            return;
        }
        used.add(key);
        if (!ours.strip().equals(known.get(key))) {
            failures.add(key + " | " + ours + " | theirs: " + theirs);
        }
    }

    private static JsonNode json(String name) {
        return new ObjectMapper().readTree(Samples.resource(name));
    }

    /** The value of a field test: what a header parser would hand on. */
    private static HeaderField field(String header) {
        byte[] bytes = ("X:" + header).getBytes(StandardCharsets.UTF_8);
        return MessageParser.parse(bytes).header().field(0);
    }

    @Test
    void dates() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("date.json");
        for (int i = 0; i < cases.size(); i++) {
            String value = field(cases.get(i).get("header").asString()).unfolded();
            boolean received = value.contains(";");
            String ours =
                    (received ? MailDate.ofReceived(value) : MailDate.parse(value))
                            .map(MailDate::format)
                            .map(date -> date.substring(5))
                            .orElse("none");
            compare("date " + i, ours, date(cases.get(i).get("expected")), failures);
        }
        assertThat(failures).isEmpty();
    }

    private static String date(JsonNode d) {
        if (d.isNull()) {
            return "none";
        }
        String[] months = "? Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ? ?".split(" ");
        return "%d %s %d %02d:%02d:%02d %s%02d%02d"
                .formatted(
                        d.get("day").asInt(),
                        months[d.get("month").asInt()],
                        d.get("year").asInt(),
                        d.get("hour").asInt(),
                        d.get("minute").asInt(),
                        d.get("second").asInt(),
                        sign(d),
                        d.get("tz_hour").asInt(),
                        d.get("tz_minute").asInt());
    }

    private static String sign(JsonNode d) {
        boolean zero = d.get("tz_hour").asInt() == 0 && d.get("tz_minute").asInt() == 0;
        return d.get("tz_before_gmt").asBoolean() && !zero ? "-" : "+";
    }

    @Test
    void addresses() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("address.json");
        for (int i = 0; i < cases.size(); i++) {
            AddressList list =
                    AddressList.parse(field(cases.get(i).get("header").asString()).unfolded());
            String ours =
                    list.entries().stream()
                            .map(CorpusTest::entry)
                            .collect(Collectors.joining(", "));
            JsonNode expected = cases.get(i).get("expected");
            List<String> theirs = new ArrayList<>();
            expected.path("List").forEach(a -> theirs.add(address(a)));
            for (JsonNode group : expected.path("Group")) {
                List<String> members = new ArrayList<>();
                group.get("addresses").forEach(a -> members.add(address(a)));
                String joined = String.join(", ", members);
                theirs.add(
                        group.get("name").isNull()
                                ? joined
                                : group.get("name").asString() + ": " + joined + ";");
            }
            compare("address " + i, ours, String.join(", ", theirs), failures);
        }
        assertThat(failures).isEmpty();
    }

    private static String entry(AddressEntry entry) {
        return switch (entry) {
            case NamedAddress a -> a.displayName() + " <" + a.text() + ">";
            case AddressGroup g ->
                    g.displayName()
                            + ": "
                            + g.members().stream()
                                    .map(CorpusTest::entry)
                                    .collect(Collectors.joining(", "))
                            + ";";
        };
    }

    private static String address(JsonNode a) {
        String name = a.get("name").isNull() ? "" : a.get("name").asString();
        String address = a.get("address").isNull() ? "" : a.get("address").asString();
        return name.strip() + " <" + address + ">";
    }

    @Test
    void contentTypes() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("content_type.json");
        for (int i = 0; i < cases.size(); i++) {
            String value = field(cases.get(i).get("header").asString()).unfolded();
            JsonNode expected = cases.get(i).get("expected");
            String theirs = "none";
            if (!expected.isNull()) {
                JsonNode subtype = expected.path("c_subtype");
                StringBuilder out = new StringBuilder(expected.get("c_type").asString());
                out.append(subtype.isNull() ? "" : "/" + subtype.asString());
                for (JsonNode attribute : expected.path("attributes")) {
                    if (!attribute.get(0).asString().endsWith("-language")) {
                        out.append("; ").append(attribute.get(0).asString());
                        out.append("=").append(attribute.get(1).asString());
                    }
                }
                theirs = out.toString();
            }
            boolean noSlash = !theirs.split(";", 2)[0].contains("/");
            String ours =
                    noSlash
                            ? Disposition.parse(value)
                                    .map(d -> d.type() + parameters(d.parameters()))
                                    .orElse("none")
                            : ContentType.parse(value)
                                    .map(t -> t.mediaType() + parameters(t.parameters()))
                                    .orElse("none");
            compare("content_type " + i, ours, theirs, failures);
        }
        assertThat(failures).isEmpty();
    }

    private static String parameters(Parameters parameters) {
        StringBuilder out = new StringBuilder();
        Set<String> seen = new HashSet<>();
        for (Parameters.Parameter parameter : parameters.list()) {
            String name = parameter.name().split("\\*", 2)[0];
            if (seen.add(name)) {
                parameters.value(name).ifPresent(v -> out.append("; " + name + "=" + v));
            }
        }
        return out.toString();
    }

    @Test
    void unstructured() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("unstructured.json");
        for (int i = 0; i < cases.size(); i++) {
            String ours = field(cases.get(i).get("header").asString()).decoded();
            String theirs = cases.get(i).get("expected").asString();
            compare("unstructured " + i, spaced(ours), spaced(theirs), failures);
        }
        assertThat(failures).isEmpty();
    }

    /** We unfold as RFC 5322 section 2.2.3 says and keep the white space of folds. */
    private static String spaced(String text) {
        return text.replaceAll("[ \\t]+", " ");
    }

    @Test
    void ids() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("id.json");
        for (int i = 0; i < cases.size(); i++) {
            List<String> ours =
                    MessageIds.parse(field(cases.get(i).get("header").asString()).unfolded());
            List<String> theirs = new ArrayList<>();
            cases.get(i).get("expected").forEach(id -> theirs.add(id.asString()));
            compare("id " + i, ours.toString(), theirs.toString(), failures);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void receivedDates() {
        List<String> failures = new ArrayList<>();
        JsonNode cases = json("received.json");
        for (int i = 0; i < cases.size(); i++) {
            JsonNode expected = cases.get(i).get("expected").path("date");
            if (expected.isMissingNode() || expected.isNull()) {
                continue;
            }
            String value = field(cases.get(i).get("header").asString()).unfolded();
            String ours =
                    MailDate.ofReceived(value)
                            .map(MailDate::format)
                            .map(date -> date.substring(5))
                            .orElse("none");
            compare("received " + i, ours, date(expected), failures);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void structures() {
        List<String> failures = new ArrayList<>();
        for (String name : Samples.corpus()) {
            ParsedMessage parsed = MessageParser.parse(Samples.resource(name));
            StringBuilder theirs = new StringBuilder();
            JsonNode message = json(name.replace(".eml", ".json"));
            theirOutline(message, 0, "0", theirs);
            StringBuilder ours = new StringBuilder();
            ourOutline(parsed.root(), "0", ours);
            compare(name, ours.toString(), theirs.toString(), failures);
        }
        assertThat(failures).isEmpty();
    }

    private static void ourOutline(Part part, String section, StringBuilder out) {
        Extent extent = part.extent();
        out.append(section).append(" ").append(extent.headerStart()).append("-");
        out.append(extent.bodyStart()).append("-").append(extent.bodyEnd()).append("; ");
        for (int i = 0; i < part.children().size(); i++) {
            ourOutline(part.children().get(i), section + "." + (i + 1), out);
        }
        part.message().ifPresent(message -> ourOutline(message, section + ".m", out));
    }

    private static void theirOutline(JsonNode message, int id, String section, StringBuilder out) {
        JsonNode part = message.get("parts").get(id);
        out.append(section).append(" ").append(part.get("offset_header").asInt()).append("-");
        out.append(part.get("offset_body").asInt()).append("-");
        out.append(part.get("offset_end").asInt()).append("; ");
        int child = 1;
        for (JsonNode sub : part.get("body").path("Multipart")) {
            theirOutline(message, sub.asInt(), section + "." + child++, out);
        }
        JsonNode inner = part.get("body").path("Message");
        if (!inner.isMissingNode()) {
            theirOutline(inner, 0, section + ".m", out);
        }
    }
}
