package mansio.app.tree;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The compiled classes of all modules without their tests. Imported once: it takes seconds. */
final class Classes {
    static final JavaClasses MAIN = load();

    private Classes() {}

    private static JavaClasses load() {
        List<Path> folders =
                Tree.MODULES.stream()
                        .map(module -> Tree.ROOT.resolve(module).resolve("target/classes"))
                        .filter(Files::isDirectory)
                        .toList();
        return new ClassFileImporter().importPaths(folders);
    }
}
