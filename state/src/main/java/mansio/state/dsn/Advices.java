package mansio.state.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.state.queue.Failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The table of docs/replies.md, which is part of the program. Immutable. */
final class Advices {
    private static final String PAGE = "replies.md";

    private final List<Advice> rows;

    private Advices(List<Advice> rows) {
        this.rows = rows;
    }

    /** Reads the page that the program was built with. */
    static Advices read() {
        try (InputStream in = Advices.class.getResourceAsStream(PAGE)) {
            if (in == null) throw new IllegalStateException(PAGE + " is not part of the program");
            return parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the table in a page: all lines that begin with "| ", but for the heading. */
    static Advices parse(String page) {
        return new Advices(
                page.lines()
                        .filter(line -> line.startsWith("| ") && !line.startsWith("| When "))
                        .map(Advices::row)
                        .toList());
    }

    private static Advice row(String line) {
        String[] cells = line.split("\\|");
        if (cells.length != 5) throw new IllegalArgumentException("not four cells: " + line);
        return Advice.of(cells[1].strip(), cells[2].strip(), cells[3].strip());
    }

    List<Advice> rows() {
        return rows;
    }

    /** The first row that fits, filled in for a recipient's domain. */
    Optional<Advice> on(Failure failure, String domain) {
        return rows.stream()
                .filter(row -> row.fits(failure))
                .findFirst()
                .map(row -> row.forDomain(domain));
    }
}
