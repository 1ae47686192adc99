package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A test runs for everybody, or it proves nothing: none assumes, none is switched off. */
class NothingSkippedTest {
    private static final Pattern SKIPS =
            Pattern.compile(
                    "org\\.junit\\.jupiter\\.api\\.(Assumptions|Disabled|condition)\\b"
                            + "|assertj\\.core\\.api\\.Assumptions|TestAbortedException");

    @Test
    void noTestMaySkipItself() {
        List<Path> found =
                Tree.javaFiles().stream()
                        .filter(file -> !file.endsWith("NothingSkippedTest.java"))
                        .filter(file -> SKIPS.matcher(Tree.read(file)).find())
                        .toList();
        assertThat(found).isEmpty();
    }
}
