package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every Java file is as google-java-format (AOSP style) writes it. */
class FormatTest {
    private static final Path TOOLS = Tree.ROOT.resolve("app/target/tools");

    @Test
    void everyFileIsFormatted() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        for (String part : List.of("api", "code", "file", "parser", "tree", "util")) {
            command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-jar", jar().toString(), "--aosp", "--dry-run"));
        Tree.javaFiles().forEach(file -> command.add(file.toString()));
        Process formatter =
                new ProcessBuilder(command)
                        .directory(Tree.ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        String unformatted = new String(formatter.getInputStream().readAllBytes());
        assertThat(formatter.waitFor()).as(unformatted).isZero();
        assertThat(unformatted).as("files that google-java-format --aosp would change").isEmpty();
    }

    /** The build puts it there (app/pom.xml). */
    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(TOOLS)) {
            return files.filter(file -> file.toString().endsWith("-all-deps.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
