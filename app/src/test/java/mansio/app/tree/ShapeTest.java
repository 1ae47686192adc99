package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sizes of methods, files, lines and parameter lists, read by the compiler's own parser. */
class ShapeTest {
    private static final int METHOD_LINES = 70;
    private static final int FILE_LINES = 800;
    private static final int LINE_COLUMNS = 120;
    private static final int PARAMETERS = 4;

    /** Where objects are made, long constructor calls meet: the wiring may take more. */
    private static final Path WIRING = Path.of("app/src/main/java/mansio/app/wiring");

    @Test
    void filesAndLinesAreShort() {
        List<String> found = new ArrayList<>();
        for (Path file : Tree.javaFiles()) {
            List<String> lines = Tree.read(file).lines().toList();
            if (lines.size() > FILE_LINES) {
                found.add("%s has %d lines".formatted(file, lines.size()));
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > LINE_COLUMNS) {
                    found.add("%s:%d has %d columns".formatted(file, i + 1, lines.get(i).length()));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void methodsAreShortAndTakeFewParameters() throws IOException {
        List<String> found = new ArrayList<>();
        Sources.Parsed parsed = Sources.parseWithPositions(Tree.javaFiles());
        for (CompilationUnitTree unit : parsed.units()) {
            Path file = Tree.ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
            new Shapes(file, unit, parsed.positions(), found).scan(unit, null);
        }
        assertThat(found).isEmpty();
    }

    /** Collects what is too large in one file. */
    private static final class Shapes extends TreeScanner<@Nullable Void, @Nullable ClassTree> {
        private final Path file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Shapes(Path file, CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree outer) {
            return super.visitClass(type, type);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree type) {
            long first = line(positions.getStartPosition(unit, method));
            long lines = line(positions.getEndPosition(unit, method)) - first + 1;
            String place = "%s:%d %s".formatted(file, first, method.getName());
            if (lines > METHOD_LINES) {
                found.add("%s has %d lines".formatted(place, lines));
            }
            if (Tree.isMain(file) && !parametersAreGiven(method, type)) {
                parameters(method, place);
            }
            return super.visitMethod(method, type);
        }

        private void parameters(MethodTree method, String place) {
            List<? extends VariableTree> parameters = method.getParameters();
            int count = parameters.size() - 2 * slices(parameters);
            if (count > PARAMETERS && !file.startsWith(WIRING)) {
                found.add("%s takes %d parameters".formatted(place, count));
            }
            for (int i = 1; i < parameters.size(); i++) {
                if (isBoolean(parameters.get(i - 1)) && isBoolean(parameters.get(i))) {
                    found.add(place + " takes two booleans side by side");
                }
            }
        }

        /** Somebody else chose them: the method overrides, or is the constructor of a record. */
        private static boolean parametersAreGiven(MethodTree method, @Nullable ClassTree type) {
            boolean ofRecord = type != null && type.getKind() == Kind.RECORD;
            return ofRecord && method.getName().contentEquals("<init>")
                    || method.getModifiers().getAnnotations().stream()
                            .anyMatch(note -> note.toString().equals("@Override()"));
        }

        /** An array, an offset and a length: three parameters that are one slice of bytes. */
        private static int slices(List<? extends VariableTree> parameters) {
            List<String> types = parameters.stream().map(p -> String.valueOf(p.getType())).toList();
            int slices = 0;
            for (int i = 2; i < types.size(); i++) {
                if (types.subList(i - 2, i + 1).equals(List.of("byte[]", "int", "int"))) {
                    slices++;
                }
            }
            return slices;
        }

        private static boolean isBoolean(VariableTree parameter) {
            return String.valueOf(parameter.getType()).equals("boolean");
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
