package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every test that docs/attacks.md names is there. */
class AttacksTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void theTestsOfTheAttacksAreThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        List<Path> tests = tests();
        List<String[]> named =
                TEST.matcher(Tree.read(Tree.ROOT.resolve("docs/attacks.md")))
                        .results()
                        .map(it -> new String[] {it.group(1), it.group(2)})
                        .toList();
        assertThat(named).hasSizeGreaterThan(50);
        for (String[] name : named) {
            Pattern method = Pattern.compile("\\s" + Pattern.quote(name[1]) + "\\(");
            boolean found =
                    tests.stream()
                            .filter(it -> it.endsWith(name[0] + ".java"))
                            .anyMatch(it -> method.matcher(Tree.read(it)).find());
            if (!found) missing.add(name[0] + "." + name[1]);
        }
        assertThat(missing).isEmpty();
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Tree.ROOT)) {
            return files.filter(it -> it.toString().contains("/src/test/java/"))
                    .filter(it -> it.toString().endsWith("Test.java"))
                    .collect(Collectors.toList());
        }
    }
}
