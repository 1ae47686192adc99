package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswdImport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code account import}: some lines of a Dovecot passwd-file.
 *
 * @param lines at most {@link PasswdImport#MAX_LINES}
 * @param firstLine the number of the first of them in the file
 * @param domain for names without one
 */
public record ImportAccounts(List<String> lines, int firstLine, Optional<Domain> domain)
        implements Operation<ImportAccounts.Report> {
    public ImportAccounts {
        lines = List.copyOf(lines);
    }

    /** What became of each line that is not empty and no comment. */
    public record Report(int kept, int refused, List<PasswdImport.Result> results)
            implements Answer {
        /** Before the first line. */
        public static final Report NOTHING = new Report(0, 0, List.of());

        public Report {
            results = List.copyOf(results);
        }

        static Report of(List<PasswdImport.Result> results) {
            int kept = (int) results.stream().filter(PasswdImport.Result::kept).count();
            return new Report(kept, results.size() - kept, results);
        }

        /** These and those of the lines behind them. */
        public Report with(Report next) {
            List<PasswdImport.Result> all = new ArrayList<>(results);
            all.addAll(next.results);
            return new Report(kept + next.kept, refused + next.refused, all);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (PasswdImport.Result result : results) {
                String note = result.note().isEmpty() ? "" : ": " + result.note();
                String name = result.name().isEmpty() ? "" : result.name() + " ";
                lines.add(
                        "line "
                                + result.line()
                                + ": "
                                + name
                                + (result.kept() ? "kept" : "refused")
                                + note);
            }
            lines.add(kept + " kept, " + refused + " refused.");
            return lines;
        }

        @Override
        public boolean satisfied() {
            return refused == 0;
        }
    }

    @Override
    public Outcome<Report> run(Rooms rooms) throws IOException {
        if (lines.size() > PasswdImport.MAX_LINES || firstLine < 1) {
            return Outcome.refused(
                    Outcome.Problem.INVALID,
                    "at most " + PasswdImport.MAX_LINES + " lines can be imported at once");
        }
        if (domain.isPresent() && !rooms.names().directory().isLocal(domain.get())) {
            return rooms.names().editor().domain(domain.get()).map(_ -> Report.NOTHING);
        }
        return Outcome.done(Report.of(rooms.names().passwdImport().take(lines, firstLine, domain)));
    }

    /** The lines hold secrets. */
    @Override
    public String toString() {
        return "ImportAccounts[" + lines.size() + " lines from " + firstLine + "]";
    }
}
