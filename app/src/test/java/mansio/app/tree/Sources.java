package mansio.app.tree;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java sources as the compiler's own parser reads them. */
final class Sources {
    /** Parsed files, with where things stand in them. */
    record Parsed(List<CompilationUnitTree> units, SourcePositions positions) {}

    private Sources() {}

    static List<CompilationUnitTree> parse(List<Path> files) throws IOException {
        return parseWithPositions(files).units();
    }

    /** Parses files, named relative to the root. */
    static Parsed parseWithPositions(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> paths = files.stream().map(Tree.ROOT::resolve).toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(paths));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new Parsed(units, Trees.instance(task).getSourcePositions());
        }
    }
}
