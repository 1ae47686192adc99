package mansio.app.main;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where a command reads and writes; a test brings its own. */
record Terminal(InputStream in, PrintWriter out, PrintWriter err) {
    /** The process's own, in UTF-8. */
    static Terminal real() {
        return new Terminal(
                System.in,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }
}
