package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server advertises has a row in docs/rfc.md, and a dialogue file that shows it. The names
 * are read from the code that advertises: the words in the strings of one class or method.
 */
class CapabilitiesTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\w+) \\| (\\S+) \\| [^|]+ \\| (.*?) \\|$");
    private static final Path DIALOGUES = Path.of("serve/src/test/resources");

    /** Where each protocol's capabilities are said: a class, or one method of it. */
    private static final Map<String, Place> PLACES =
            Map.of(
                    "SMTP", new Place("smtpserver/Ehlo.java", "extensions"),
                    "IMAP", new Place("imapserver/Capabilities.java", ""));

    private record Place(String file, String method) {
        Path path() {
            return Path.of("serve/src/main/java/mansio/serve").resolve(file);
        }
    }

    /** One row of the table: a capability and its dialogue files. */
    private record Row(String protocol, String capability, List<String> dialogues) {}

    @Test
    void everyAdvertisedCapabilityHasARow() throws IOException {
        for (Map.Entry<String, Place> place : PLACES.entrySet()) {
            if (Files.exists(Tree.ROOT.resolve(place.getValue().path()))) {
                Set<String> advertised = advertised(place.getValue());
                assertThat(advertised).as(place.getKey()).hasSizeGreaterThan(5);
                assertThat(rows().getOrDefault(place.getKey(), Map.of()).keySet())
                        .as("rows of docs/rfc.md for " + place.getKey())
                        .containsExactlyInAnyOrderElementsOf(advertised);
            }
        }
    }

    @Test
    void everyRowHasADialogueInWhichBothSpeak() {
        rows().values().stream()
                .flatMap(protocol -> protocol.values().stream())
                .forEach(
                        row -> {
                            assertThat(row.dialogues()).as(row.capability()).isNotEmpty();
                            for (String dialogue : row.dialogues()) {
                                Path file = Tree.ROOT.resolve(DIALOGUES).resolve(dialogue);
                                assertThat(file).as(row.capability()).isRegularFile();
                                assertThat(Tree.read(file))
                                        .as(dialogue)
                                        .containsPattern("(?m)^C\\d?:")
                                        .containsPattern("(?m)^S\\d?:");
                            }
                        });
    }

    private static Map<String, Map<String, Row>> rows() {
        String table = Tree.read(Path.of("docs/rfc.md")).split("## Capabilities\n")[1];
        return ROW.matcher(table)
                .results()
                .filter(match -> PLACES.containsKey(match.group(1)))
                .map(CapabilitiesTest::row)
                .collect(
                        Collectors.groupingBy(
                                Row::protocol,
                                TreeMap::new,
                                Collectors.toMap(Row::capability, row -> row)));
    }

    private static Row row(MatchResult match) {
        List<String> dialogues =
                Pattern.compile("[\\w./-]+\\.txt")
                        .matcher(match.group(3))
                        .results()
                        .map(MatchResult::group)
                        .toList();
        return new Row(match.group(1), match.group(2), dialogues);
    }

    /** The first word of each string: {@code SIZE} of {@code "SIZE "}, {@code AUTH} of "AUTH=". */
    private static Set<String> advertised(Place place) throws IOException {
        Set<String> words = new TreeSet<>();
        CompilationUnitTree unit = Sources.parse(List.of(place.path())).getFirst();
        new TreeScanner<@Nullable Void, Boolean>() {
            @Override
            public @Nullable Void visitClass(ClassTree type, Boolean inside) {
                return super.visitClass(type, place.method().isEmpty());
            }

            @Override
            public @Nullable Void visitMethod(MethodTree method, Boolean inside) {
                boolean named = method.getName().contentEquals(place.method());
                return super.visitMethod(method, inside || named);
            }

            @Override
            public @Nullable Void visitLiteral(LiteralTree literal, Boolean inside) {
                if (inside && literal.getValue() instanceof String text) {
                    String word = text.split(" ", 2)[0].replaceFirst("=$", "");
                    if (word.matches("[A-Z0-9][A-Za-z0-9=+-]+")) {
                        words.add(word);
                    }
                }
                return null;
            }
        }.scan(unit, false);
        return words;
    }
}
