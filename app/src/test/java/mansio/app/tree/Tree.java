package mansio.app.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the checkout. */
final class Tree {
    static final Path ROOT = root();

    /** The modules of the build, as the root pom names them: codec, net, and so on. */
    static final List<String> MODULES = modules();

    private Tree() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("mansio"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("not inside a checkout: " + Path.of(""));
            }
        }
        return folder;
    }

    private static List<String> modules() {
        return Pattern.compile("<module>([a-z]+)</module>")
                .matcher(read(ROOT.resolve("pom.xml")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    /** The Java sources of all modules, tests included, as paths relative to the root. */
    static List<Path> javaFiles() {
        return MODULES.stream().flatMap(module -> under(module + "/src", ".java")).toList();
    }

    /** The Java sources of all modules without their tests. */
    static List<Path> mainJavaFiles() {
        return javaFiles().stream().filter(Tree::isMain).toList();
    }

    static boolean isMain(Path file) {
        return file.getName(2).toString().equals("main");
    }

    /** The files below a folder whose name ends so, relative to the root, in a stable order. */
    static Stream<Path> under(String folder, String ending) {
        Path start = ROOT.resolve(folder);
        if (!Files.isDirectory(start)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .map(ROOT::relativize)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file, named relative to the root. */
    static String read(Path file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
