package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What stands in comments: packages explained, RFCs listed, nothing left undone without a name. */
class CommentsTest {
    private static final Pattern RFC = Pattern.compile("\\bRFC ?(\\d{3,5})\\b");

    /** A to-do names the section of an RFC or an issue that it waits for. */
    private static final Pattern NAMED_TODO = Pattern.compile("TODO.*(RFC \\d+|issue \\d+)");

    private static final String TODO = "TO" + "DO";
    private static final String FIXME = "FIX" + "ME";

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        List<String> found = new ArrayList<>();
        for (Path folder :
                Tree.mainJavaFiles().stream().map(Path::getParent).collect(Collectors.toSet())) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(Tree.ROOT.resolve(info))) {
                found.add(folder + " has no package-info.java");
                continue;
            }
            String text = Tree.read(info);
            if (!text.contains("@NullMarked")) {
                found.add(info + " is not @NullMarked");
            }
            if (!Pattern.compile("/\\*\\*\\s*(\\*\\s*)?\\w").matcher(text).find()) {
                found.add(info + " has no sentence");
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyRfcThatTheCodeCitesIsListed() {
        Map<String, Path> cited = new TreeMap<>();
        for (Path file : Tree.javaFiles()) {
            RFC.matcher(Tree.read(file))
                    .results()
                    .forEach(match -> cited.putIfAbsent(match.group(1), file));
        }
        TreeSet<String> listed =
                Pattern.compile("(?m)^\\| (\\d{3,5}) \\|")
                        .matcher(Tree.read(Path.of("docs/rfc.md")))
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        cited.keySet().removeAll(listed);
        assertThat(cited).as("RFCs cited in code and missing in docs/rfc.md").isEmpty();
    }

    @Test
    void everyToDoNamesWhatItWaitsFor() {
        List<String> found = new ArrayList<>();
        for (Path file : Tree.javaFiles()) {
            if (file.endsWith("CommentsTest.java")) {
                continue;
            }
            List<String> lines = Tree.read(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.contains(FIXME)
                        || line.contains(TODO) && !NAMED_TODO.matcher(line).find()) {
                    found.add("%s:%d: %s".formatted(file, i + 1, line.strip()));
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
